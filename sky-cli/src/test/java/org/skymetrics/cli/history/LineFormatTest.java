package org.skymetrics.cli.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.batch.Series;

final class LineFormatTest {
  private static final String KEY = "a \"quoted\", key|with \\ and \u00fc>x";

  private static byte[] stored(Cell cell) {
    ByteWriter out = new ByteWriter(64);
    cell.store(out);
    return out.toBytes();
  }

  private static void assertSame(Cell cell) throws BadLineException {
    HistoryLine line = new HistoryLine(120_000, 60_000, new Series(Key.of(KEY), cell.kind()), cell);
    for (LineFormat format : LineFormat.values()) {
      String text = format.write(line);
      HistoryLine again = format.read(text);
      assertThat(again.series()).isEqualTo(line.series());
      assertThat(again.timeMs()).isEqualTo(120_000);
      assertThat(again.periodMs()).isEqualTo(60_000);
      assertThat(stored(again.cell())).as(text).isEqualTo(stored(cell));
      assertThat(format.write(again)).isEqualTo(text);
    }
  }

  @Property(tries = 300)
  void shouldKeepCounters(@ForAll long sum, @ForAll double fraction) throws BadLineException {
    CounterCell cell = new CounterCell();
    cell.add(sum);
    cell.add(Double.isFinite(fraction) ? fraction : 0.1);
    assertSame(cell);
  }

  @Property(tries = 300)
  void shouldKeepGauges(
      @ForAll @Size(min = 1, max = 4) List<Double> values, @ForAll long lane, @ForAll long sequence)
      throws BadLineException {
    GaugeCell cell = new GaugeCell();
    for (double value : values) {
      cell.set(Double.isFinite(value) ? value : -0.0, 1_700_000_000_000L);
    }
    cell.setOrigin(0, lane, sequence);
    assertSame(cell);
  }

  @Property(tries = 300)
  void shouldKeepHistograms(@ForAll @Size(max = 20) List<Double> values) throws BadLineException {
    HistogramCell cell = new HistogramCell();
    for (double value : values) {
      cell.record(Double.isFinite(value) ? value : 0);
    }
    assertSame(cell);
    HistogramCell withoutMoments = new HistogramCell();
    withoutMoments.add(17, 3);
    assertSame(withoutMoments);
  }

  @Test
  void shouldWriteWhatTheDocumentShows() {
    CounterCell cell = new CounterCell();
    cell.add(4);
    cell.add(0.5);
    HistoryLine line = new HistoryLine(60_000, 60_000, series("a|b"), cell);

    assertThat(LineFormat.CSV.write(line)).isEqualTo("60,60,counter,\"a|b\",4,0.5,,,,,,,,,,");
    assertThat(LineFormat.JSONL.write(line))
        .isEqualTo(
            "{\"time\":60,\"period\":60,\"kind\":\"counter\",\"key\":\"a|b\",\"sum\":4,"
                + "\"fraction\":0.5}");
  }

  private static Series series(String key) {
    return new Series(Key.of(key), Kind.COUNTER);
  }

  @ParameterizedTest
  @EnumSource(LineFormat.class)
  void shouldSayWhatIsWrong(LineFormat format) {
    CounterCell cell = new CounterCell();
    cell.add(4);
    String good = format.write(new HistoryLine(60_000, 60_000, series("a|b"), cell));
    List<List<String>> bad =
        List.of(
            List.of("60", "61", "is not the start of a period"),
            List.of("counter", "count", "no kind"),
            List.of("a|b", "a||b", "its key is not one"),
            List.of("4", "4.5", "sum can't be"),
            List.of("4", "99999999999999999999", "sum can't be"),
            List.of("counter", "gauge", "a gauge needs the field last"));
    for (List<String> change : bad) {
      String text = good.replaceFirst(Pattern.quote(change.get(0)), change.get(1));
      assertThatThrownBy(() -> format.read(text))
          .as(text)
          .isInstanceOf(BadLineException.class)
          .hasMessageContaining(change.get(2));
    }
    for (int end = 0; end < good.length() - 12; end++) {
      String cut = good.substring(0, end);
      assertThatThrownBy(() -> format.read(cut)).as(cut).isInstanceOf(BadLineException.class);
    }
  }
}
