package org.skymetrics.server.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.time.Period;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.common.wire.DataWriter;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Offenders;
import org.skymetrics.server.count.Offenders.Offence;
import org.skymetrics.server.count.Offenders.Offender;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.DataPackets;
import org.skymetrics.server.live.WatchTable;
import org.skymetrics.store.batch.Series;

class AggregatorTest {
  private static final long PERIOD = 60_000;

  private record Slot(Series series, long periodMs) {}

  private final Counters counters = new Counters();
  private final KeyLog log = new KeyLog(1000, counters);
  private final Offenders offenders = new Offenders(new ManualClock(7_000));
  private final DataPackets packets = new DataPackets(1, 2);

  private static OpenSegment segment(long number, int keyLimit) {
    return new OpenSegment(number, new KeyLimits(keyLimit, keyLimit));
  }

  private Aggregator aggregator(int keyLimit) {
    return aggregator(segment(1, keyLimit), 5_000);
  }

  private Aggregator aggregator(OpenSegment segment, long wallMs) {
    WatchTable watched = new WatchTable(Period.ONE_MINUTE, wallMs);
    return new Aggregator(segment, 42, watched, log, offenders, new ManualClock(wallMs), counters);
  }

  private static DataReader reader(byte[] packet) {
    DataReader reader = new DataReader();
    assertThat(reader.wrap(packet, 0, packet.length)).isNull();
    assertThat(reader.validate()).isTrue();
    return reader;
  }

  private static Map<Slot, Cell> drain(Aggregator aggregator) {
    Map<Slot, Cell> cells = new HashMap<>();
    aggregator
        .swap(segment(2, 10))
        .giveTo((series, period, cell) -> cells.put(new Slot(series, period), cell));
    return cells;
  }

  private static Cell random(Random random) {
    switch (random.nextInt(4)) {
      case 0 -> {
        CounterCell counter = new CounterCell();
        counter.add(random.nextInt(100) - 10);
        if (random.nextBoolean()) {
          counter.add(0.25);
        }
        return counter;
      }
      case 1 -> {
        GaugeCell gauge = new GaugeCell();
        for (int i = random.nextInt(3); i >= 0; i--) {
          gauge.set(random.nextInt(50), random.nextInt(1000));
        }
        return gauge;
      }
      case 2 -> {
        SetCell set = new SetCell();
        for (int i = random.nextInt(25); i >= 0; i--) {
          set.add(SetCell.hash("member " + random.nextInt(200)));
        }
        return set;
      }
      default -> {
        HistogramCell histogram = new HistogramCell();
        for (int i = random.nextInt(5); i >= 0; i--) {
          histogram.record(random.nextInt(1000) / 10.0);
        }
        return histogram;
      }
    }
  }

  private static byte[] stored(Cell cell) {
    ByteWriter out = new ByteWriter(64);
    cell.store(out);
    return out.toBytes();
  }

  @Property(tries = 60)
  void shouldCountAsAMapWouldAndInAllParents(@ForAll Random random) {
    String[] keys = {"a", "a|b", "a|b|c", "a|b>c|d", "x>y", "x>y|z", "ü|€", "a|c"};
    Aggregator aggregator = aggregator(1_000_000);
    Map<Slot, Cell> expected = new HashMap<>();
    for (int n = 0; n < 60; n++) {
      long period = PERIOD * random.nextInt(5);
      Map<Key, Cell> records = new TreeMap<>();
      for (int i = random.nextInt(5); i >= 0; i--) {
        records.put(Key.of(keys[random.nextInt(keys.length)]), random(random));
      }
      DataReader reader =
          reader(
              packets.packet(0, w -> records.forEach((k, c) -> assertThat(w.add(k, c)).isTrue())));
      if (random.nextBoolean()) {
        aggregator.count(reader, period, period + 30_000);
      } else {
        assertThat(aggregator.validate(reader)).isTrue();
        aggregator.count(reader, period, period + 30_000, 0, aggregator.noted());
        aggregator.forgetNotes(0);
      }
      reader.rewind();
      while (reader.next()) {
        Key key = Key.ofChecked(reader.keyBytes(), 0, reader.keyLength());
        Cell cell = reader.readCell();
        if (cell instanceof GaugeCell gauge) {
          gauge.setOrigin(period + 30_000, reader.lane(), reader.sequence());
        }
        List<Key> all = new ArrayList<>(key.parents());
        all.add(key);
        for (Key k : all) {
          expected
              .computeIfAbsent(
                  new Slot(new Series(k, cell.kind()), period), s -> cell.kind().newCell())
              .merge(cell);
        }
      }
    }
    Map<Slot, Cell> cells = drain(aggregator);
    assertThat(cells.keySet()).isEqualTo(expected.keySet());
    expected.forEach((slot, cell) -> assertThat(stored(cells.get(slot))).isEqualTo(stored(cell)));
  }

  @Test
  void shouldKeepManyKeysApart() {
    Aggregator aggregator = aggregator(1_000_000);
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 5_000; i += 10) {
        int first = i;
        DataReader reader =
            reader(
                packets.packet(
                    0,
                    w -> {
                      for (int k = first; k < first + 10; k++) {
                        w.addCounter(Key.of("root|" + k), k + 1);
                      }
                    }));
        aggregator.count(reader, 0, 0);
      }
    }
    assertThat(aggregator.series()).isEqualTo(5_001);
    Map<Slot, Cell> cells = drain(aggregator);
    for (int k = 0; k < 5_000; k++) {
      assertThat(sum(cells, "root|" + k)).isEqualTo(2L * (k + 1));
    }
    assertThat(sum(cells, "root")).isEqualTo(5_000L * 5_001);
  }

  private static long sum(Map<Slot, Cell> cells, String key) {
    Cell cell = cells.get(new Slot(new Series(Key.of(key), Kind.COUNTER), 0));
    return cell == null ? 0 : ((CounterCell) cell).sum();
  }

  @Test
  void shouldKeepTotalsPastTheKeyLimit() {
    Aggregator aggregator = aggregator(10);
    for (int i = 0; i < 50; i++) {
      aggregator.count(reader(packets.counter("bomb|" + i, 2)), 0, 0);
    }
    aggregator.count(reader(packets.counter("other|x", 5)), 0, 0);
    Map<Slot, Cell> cells = drain(aggregator);
    assertThat(cells).hasSize(10 + 1);
    assertThat(sum(cells, "bomb")).isEqualTo(100);
    assertThat(sum(cells, "bomb|0")).isEqualTo(2);
    assertThat(sum(cells, "bomb|49")).isZero();
    assertThat(sum(cells, "sky>overflow")).isEqualTo((50 - 9) * 2 + 5);
    assertThat(counters.get(ServerCounter.OVERFLOW_RECORDS)).isEqualTo(50 - 9 + 1);
    assertThat(offenders.list())
        .containsExactly(
            new Offender(
                Offence.NEW_KEYS,
                "session 0000000000000001",
                42,
                7_000,
                7_000,
                Map.of("bomb", 41L, "other", 1L)));
  }

  /**
   * Whatever the limits: nothing is lost, a parent that is there has all below it, and what one
   * session is refused takes nothing from another.
   */
  @Property(tries = 100)
  void shouldKeepTotalsWithAnyLimits(@ForAll Random random) {
    int all = 1 + random.nextInt(60);
    int ofSession = 1 + random.nextInt(all);
    int tables = 1 + random.nextInt(2);
    OpenSegment segment = new OpenSegment(0, new KeyLimits(all, ofSession)).next(tables);
    List<Aggregator> threads =
        List.of(aggregator(segment, 0), aggregator(segment, 0)).subList(0, tables);
    List<DataPackets> sessions = List.of(packets, new DataPackets(7, 8));
    Map<Key, Long> expected = new HashMap<>();
    long total = 0;
    for (int i = 0; i < 200; i++) {
      int who = random.nextInt(2);
      String key = "r" + random.nextInt(3) + "|" + random.nextInt(9) + "|" + random.nextInt(9);
      long n = 1 + random.nextInt(5);
      threads.get(random.nextInt(tables)).count(reader(sessions.get(who).counter(key, n)), 0, 0);
      total += n;
      expected.merge(Key.of(key), n, Long::sum);
      Key.of(key).parents().forEach(parent -> expected.merge(parent, n, Long::sum));
    }
    Map<Key, Long> found = new HashMap<>();
    for (Aggregator thread : threads) {
      drain(thread)
          .forEach(
              (slot, cell) ->
                  found.merge(slot.series().key(), ((CounterCell) cell).sum(), Long::sum));
    }
    long overflow = found.getOrDefault(Key.of("sky>overflow"), 0L);
    found.remove(Key.of("sky>overflow"));
    assertThat(found).hasSizeLessThanOrEqualTo(all);
    found.keySet().forEach(key -> assertThat(expected).containsKey(key));
    // What is missing in a key is in its nearest parent that is there, and in the overflow.
    long missing = 0;
    for (Map.Entry<Key, Long> e : expected.entrySet()) {
      boolean isLeaf = e.getKey().parents().size() == 2;
      long detail = found.getOrDefault(e.getKey(), 0L);
      assertThat(detail).isLessThanOrEqualTo(e.getValue());
      missing += isLeaf ? e.getValue() - detail : 0;
    }
    assertThat(overflow).isEqualTo(missing);
    long roots =
        found.entrySet().stream()
            .filter(e -> e.getKey().parents().isEmpty())
            .peek(e -> assertThat(e.getValue()).isLessThanOrEqualTo(expected.get(e.getKey())))
            .mapToLong(Map.Entry::getValue)
            .sum();
    assertThat(roots).isBetween(total - overflow, total);
  }

  @Test
  void shouldRefuseKeysOfTheSessionThatNamesTooManyAndOfNoOther() {
    Aggregator aggregator = aggregator(new OpenSegment(1, new KeyLimits(100, 10)), 0);
    DataPackets other = new DataPackets(7, 8);
    for (int i = 0; i < 50; i++) {
      aggregator.count(reader(packets.counter("bomb|" + i, 1)), 0, 0);
      aggregator.count(reader(other.counter("good|" + i % 9, 1)), 0, 0);
    }
    // What another session has made is not on its account.
    aggregator.count(reader(packets.counter("good|3", 1)), 0, 0);
    Map<Slot, Cell> cells = drain(aggregator);
    assertThat(sum(cells, "bomb")).isEqualTo(50);
    assertThat(sum(cells, "good")).isEqualTo(51);
    assertThat(sum(cells, "good|3")).isEqualTo(7);
    assertThat(sum(cells, "sky>overflow")).isEqualTo(41);
    assertThat(cells).hasSize(10 + 10 + 1);
    assertThat(offenders.list()).hasSize(1);
    assertThat(offenders.list().get(0).keys()).isEqualTo(Map.of("bomb", 41L));
  }

  @Test
  void shouldHoldSeriesThatAreKnownFromBeforeToTheLimitOfTheirSegment() {
    Aggregator aggregator = aggregator(segment(1, 100), 0);
    for (int i = 0; i < 20; i++) {
      aggregator.count(reader(packets.counter("bomb|" + i, 1)), 0, 0);
    }
    aggregator.swap(segment(2, 5));
    for (int i = 0; i < 20; i++) {
      DataReader reader = reader(packets.counter("bomb|" + i, 1));
      assertThat(aggregator.validate(reader)).isTrue();
      aggregator.count(reader, 0, 0, 0, aggregator.noted());
      aggregator.forgetNotes(0);
    }
    Map<Slot, Cell> cells = drain(aggregator);
    assertThat(sum(cells, "bomb")).isEqualTo(20);
    assertThat(sum(cells, "bomb|3")).isEqualTo(1);
    assertThat(sum(cells, "bomb|4")).isZero();
    assertThat(sum(cells, "sky>overflow")).isEqualTo(16);
    assertThat(cells).hasSize(5 + 1);
  }

  @Test
  void shouldCountOnWhenItForgetsSeriesThatAreNotCountedAnyMore() {
    Aggregator aggregator = aggregator(1_000_000);
    for (int i = 0; i < 2_000; i++) {
      aggregator.count(reader(packets.counter("of old|" + i, 1)), 0, 0);
    }
    for (long segment = 2; segment < 5; segment++) {
      Table full = aggregator.swap(segment(segment, 1_000_000));
      aggregator.count(reader(packets.counter("of old|7", 1)), 0, 0);
      aggregator.count(reader(packets.counter("new|" + segment, 1)), 0, 0);
      int[] series = {0};
      full.giveTo((s, period, cell) -> series[0]++);
      assertThat(series[0]).isEqualTo(segment == 2 ? 2_001 : 4);
    }
    Map<Slot, Cell> cells = drain(aggregator);
    assertThat(cells).hasSize(4);
    assertThat(sum(cells, "of old")).isEqualTo(1);
    assertThat(sum(cells, "new|4")).isEqualTo(1);
  }

  @Test
  void shouldTakeAnyNumberOfPeriodsOfTheSameSeries() {
    Aggregator aggregator = aggregator(2);
    for (long period : new long[] {0, PERIOD, 2 * PERIOD}) {
      aggregator.count(reader(packets.counter("a|b", 1)), period, 0);
    }
    assertThat(drain(aggregator)).hasSize(6);
    assertThat(counters.get(ServerCounter.OVERFLOW_RECORDS)).isZero();
  }

  @Test
  void shouldRefuseBadKeysAloneAndSkipUnknownKinds() {
    Aggregator aggregator = aggregator(100);
    byte[] packet =
        packets.packet(
            0,
            w -> {
              w.addCounter(Key.of("aXb"), 1);
              w.addCounter(Key.of("bXb"), 2);
              w.addCounter(Key.of("cc"), 4);
            });
    // The key's second byte becomes a control character, and a kind one that is not known.
    byte[] changed = packet.clone();
    changed[indexOf(changed, "aXb") + 1] = 1;
    changed[indexOf(changed, "bXb") - 4] = 77;
    aggregator.count(unchecked(changed), 0, 0);
    Map<Slot, Cell> cells = drain(aggregator);
    assertThat(cells).hasSize(1);
    assertThat(sum(cells, "cc")).isEqualTo(4);
    assertThat(counters.get(ServerCounter.KEYS_CONTROL_CHARACTER)).isEqualTo(1);
    assertThat(counters.get(ServerCounter.RECORDS_UNKNOWN_KIND)).isEqualTo(1);
    assertThat(counters.get(ServerCounter.RECORDS_COUNTED)).isEqualTo(1);
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  private static DataReader unchecked(byte[] packet) {
    DataWriter.number(packet, 1, 2, 3);
    DataWriter.stamp(packet, 1, 0, 0);
    return reader(packet);
  }

  @Test
  void shouldAllocateNothingForKnownKeys() {
    Aggregator aggregator = aggregator(1000);
    byte[] packet =
        packets.packet(
            0,
            w -> {
              for (int i = 0; i < 50; i++) {
                w.addCounter(Key.of("http_status|" + i), i);
              }
            });
    DataReader reader = reader(packet);
    for (int i = 0; i < 2_000; i++) {
      aggregator.count(reader, 0, 0);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 2_000; i++) {
      reader.wrap(packet, 0, packet.length);
      reader.validate();
      aggregator.count(reader, 0, 0);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(bytes / 100_000.0).as("bytes a record").isLessThan(0.1);
  }

  @Test
  void shouldTellSeriesApartOverAllThreadsOfASegment() {
    OpenSegment segment = segment(1, 3);
    Aggregator one = aggregator(segment, 5_000);
    Aggregator two = aggregator(segment, 9_000);
    for (int i = 0; i < 3; i++) {
      one.count(reader(packets.counter("a|b", 1)), 0, 0);
      two.count(reader(packets.counter("a|c", 1)), 0, 0);
      one.count(reader(packets.counter("a|c", 1)), 0, 0);
    }
    assertThat(counters.get(ServerCounter.OVERFLOW_RECORDS)).isZero();
    assertThat(segment.cells()).isEqualTo(5);
    KeyLog.Page page = log.after(0, 100);
    assertThat(page.entries().stream().map(e -> e.series().key() + "@" + e.seenMs()))
        .containsExactly("a@5000", "a|b@5000", "a|c@9000");
    assertThat(page.last()).isEqualTo(3);
    assertThat(log.after(3, 100).entries()).isEmpty();
  }

  @Test
  void shouldListASeriesThatGoesOnOnlyOnce() {
    Aggregator one = aggregator(segment(1, 1000), 5_000);
    Aggregator two = aggregator(segment(1, 1000), 9_000);
    one.count(reader(packets.counter("a|b", 1)), 0, 0);
    OpenSegment second = segment(2, 1000);
    one.swap(second);
    two.swap(second);
    one.count(reader(packets.counter("a|b", 1)), 0, 0);
    assertThat(log.after(2, 100).entries()).isEmpty();
    one.count(reader(packets.counter("a|c", 1)), 0, 0);
    assertThat(log.after(2, 100).entries()).hasSize(1);
    two.swap(segment(3, 1000));
    two.count(reader(packets.counter("a|b", 1)), 0, 0);
    assertThat(log.after(3, 100).entries()).hasSize(2);
  }

  @Test
  void shouldCopyOnlyWhatIsAskedFor() {
    Aggregator aggregator = aggregator(1000);
    for (long period : new long[] {0, PERIOD, 2 * PERIOD}) {
      aggregator.count(reader(packets.counter("a|b", 1)), period, 0);
    }
    List<Slot> copied = new ArrayList<>();
    aggregator.copyTo(
        new SeriesQuery(List.of(new Series(Key.of("a"), Kind.COUNTER)), PERIOD, 2 * PERIOD),
        (series, period, cell) -> {
          copied.add(new Slot(series, period));
          ((CounterCell) cell).add(1000);
        });
    assertThat(copied).hasSize(1);
    assertThat(drain(aggregator).values()).allMatch(cell -> ((CounterCell) cell).sum() == 1);
  }
}
