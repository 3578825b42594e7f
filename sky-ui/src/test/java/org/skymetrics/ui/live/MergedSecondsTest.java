package org.skymetrics.ui.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.live.Follower.Item;
import org.skymetrics.store.live.Follower.Second;
import org.skymetrics.store.live.Follower.Told;

class MergedSecondsTest {
  private static final Series COUNTER = new Series(Key.of("a"), Kind.COUNTER);
  private static final Series GAUGE = new Series(Key.of("a"), Kind.GAUGE);
  private static final Series HISTOGRAM = new Series(Key.of("a"), Kind.HISTOGRAM);

  private final MergedSeconds seconds =
      new MergedSeconds(
          (series, cell) ->
              (series.kind().label() + " " + number(cell)).getBytes(StandardCharsets.UTF_8));

  private static double number(Cell cell) {
    return cell instanceof GaugeCell gauge ? gauge.last() : cell.magnitude();
  }

  private static Cell counter(long n) {
    CounterCell cell = new CounterCell();
    cell.add(n);
    return cell;
  }

  private static Cell gauge(double value, long timeMs) {
    GaugeCell cell = new GaugeCell();
    cell.set(value, timeMs);
    return cell;
  }

  private static Cell histogram(double... values) {
    HistogramCell cell = new HistogramCell();
    for (double value : values) {
      cell.record(value);
    }
    return cell;
  }

  private static Told told(long to, long second, Series series, Cell cell) {
    ByteWriter out = new ByteWriter(64);
    cell.store(out);
    Second one = new Second(second, List.of(new Item(series, out.toBytes())));
    return new Told(to - 1, to, Map.of(series, 10L), List.of(one));
  }

  private String item(long second, Series series, long after) {
    byte[] item = seconds.item(second, series, after);
    return item == null ? "" : new String(item, StandardCharsets.UTF_8);
  }

  @Test
  void shouldMergeWhatMembersCountAndReplaceWhatIsToldAgain() {
    seconds.take("a", told(21, 20, COUNTER, counter(2)));
    seconds.take("b", told(21, 20, COUNTER, counter(3)));
    assertThat(item(20, COUNTER, 0)).isEqualTo("counter 5.0");
    long version = seconds.version();
    assertThat(item(20, COUNTER, version)).isEmpty();
    seconds.take("b", told(22, 20, COUNTER, counter(10)));
    assertThat(seconds.changed(version)).containsExactly(20L);
    assertThat(item(20, COUNTER, version)).isEqualTo("counter 12.0");
    seconds.take("a", told(22, 21, GAUGE, gauge(7, 2000)));
    seconds.take("b", told(22, 21, GAUGE, gauge(9, 1000)));
    assertThat(item(21, GAUGE, 0)).isEqualTo("gauge 7.0");
    seconds.take("a", told(22, 21, HISTOGRAM, histogram(1, 2)));
    seconds.take("b", told(22, 21, HISTOGRAM, histogram(3)));
    assertThat(item(21, HISTOGRAM, 0)).isEqualTo("histogram 3.0");
    seconds.drop(COUNTER);
    assertThat(item(20, COUNTER, 0)).isEmpty();
  }

  @Test
  void shouldKnowASeriesWholeWhereAllThatAreThereDo() {
    assertThat(seconds.keptFrom(COUNTER)).as("nobody is there").isNull();
    seconds.connect("a");
    seconds.connect("b");
    seconds.take("a", told(21, 20, COUNTER, counter(2)));
    assertThat(seconds.keptFrom(COUNTER)).isNull();
    seconds.take("b", new Told(20, 21, Map.of(COUNTER, 15L), List.of()));
    assertThat(seconds.keptFrom(COUNTER)).isEqualTo(15);
    seconds.disconnect("b");
    assertThat(seconds.keptFrom(COUNTER)).isEqualTo(10);
    assertThat(item(20, COUNTER, 0)).as("what it told stays").isEqualTo("counter 2.0");
  }

  @Test
  void shouldForgetAMemberWhoseClockWasSetBackOrThatIsLongGone() {
    seconds.take("a", told(101, 100, COUNTER, counter(2)));
    seconds.take("a", told(51, 50, COUNTER, counter(3)));
    assertThat(item(100, COUNTER, 0)).isEmpty();
    assertThat(seconds.to("a")).isEqualTo(51);
    seconds.forgetBefore(52);
    assertThat(seconds.changed(0)).isEmpty();
    assertThat(seconds.to("a")).isZero();
  }
}
