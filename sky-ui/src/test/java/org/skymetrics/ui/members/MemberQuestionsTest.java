package org.skymetrics.ui.members;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;

final class MemberQuestionsTest {
  private static Series counter(String key) {
    return new Series(Key.of(key), Kind.COUNTER);
  }

  @Test
  void shouldAskInAsManyQuestionsAsItTakes() {
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      series.add(counter("\u00e4".repeat(245) + i));
    }
    List<String> questions = MemberClient.questions(series, 1000, 2000);

    assertThat(questions)
        .allMatch(q -> q.length() <= 60_000 && q.startsWith("/v1/batches?from=1000&to=2000&"));
    assertThat(String.join("", questions).split("&series=", -1)).hasSize(101);
  }

  @Test
  void shouldPercentEncodeKeys() {
    assertThat(MemberClient.questions(List.of(counter("a|b c&d+e")), 0, 1))
        .containsExactly("/v1/batches?from=0&to=1&series=counter%3Aa%7Cb%20c%26d%2Be");
  }

  @Test
  void shouldUniteTheCutsOfOneBatch() throws Exception {
    List<Batch> united =
        BatchStream.unite(List.of(cut(1, "a"), cut(2, "a"), cut(1, "b"), cut(1, "c")));

    assertThat(united).extracting(Batch::name).containsExactly(name(1), name(2));
    assertThat(united.get(0).size()).isEqualTo(3);
    assertThat(united.get(0).find(counter("b"))).isNotNull();
    assertThat(united.get(1).size()).isEqualTo(1);
  }

  private static Batch cut(long segment, String key) {
    TreeMap<Series, CounterCell> cells = new TreeMap<>();
    cells.put(counter(key), new CounterCell());
    return Batch.of(name(segment), new ShardPeriod(0, 60_000), 60_000, cells);
  }

  private static BatchName name(long segment) {
    return new BatchName(7, segment);
  }

  @Test
  void shouldReadBatchesBehindTheirLengths() throws Exception {
    TreeMap<Series, CounterCell> cells = new TreeMap<>();
    CounterCell cell = new CounterCell();
    cell.add(5);
    cells.put(counter("a"), cell);
    Batch batch = Batch.of(new BatchName(1, 2), new ShardPeriod(3, 60_000), 60_000, cells);
    ByteWriter out = new ByteWriter(100);
    for (int i = 0; i < 2; i++) {
      out.u32(batch.bytes().length).raw(batch.bytes());
    }
    byte[] bytes = out.toBytes();

    assertThat(BatchStream.parse(bytes)).hasSize(2);
    assertThat(BatchStream.parse(new byte[0])).isEmpty();
    for (int cut = 1; cut < bytes.length; cut++) {
      byte[] part = Arrays.copyOf(bytes, cut);
      if (cut != bytes.length / 2) {
        assertThatThrownBy(() -> BatchStream.parse(part)).isInstanceOf(NonsenseException.class);
      }
    }
  }

  @Property
  void shouldReadAnyBytesOrSaySo(@ForAll byte[] bytes) {
    try {
      BatchStream.parse(bytes);
    } catch (NonsenseException e) {
      assertThat(e.getMessage()).startsWith("it");
    }
  }
}
