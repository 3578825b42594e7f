package org.skymetrics.store.period;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.skymetrics.store.Samples.PERIOD_MS;
import static org.skymetrics.store.Samples.PLACE;
import static org.skymetrics.store.Samples.START_MS;
import static org.skymetrics.store.Samples.batch;
import static org.skymetrics.store.Samples.count;
import static org.skymetrics.store.Samples.counter;
import static org.skymetrics.store.Samples.gauge;
import static org.skymetrics.store.Samples.histogram;
import static org.skymetrics.store.Samples.level;
import static org.skymetrics.store.Samples.times;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.Samples;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.PeriodStore.BatchState;
import org.skymetrics.store.period.PeriodStore.PutOutcome;

/** What every period store does. */
public abstract class PeriodStoreContract {
  protected static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 4);

  /** A digest of what a store answers after the puts of the test that names it. */
  private static final long SAME_FOR_ALL = -1767363417077437672L;

  protected final StoreCounters counters = new StoreCounters();
  protected PeriodStore store;

  /** The store of this test, opened (once more) with this layout. */
  protected abstract PeriodStore open(Layout layout) throws Exception;

  /** Takes all that the store holds away from under it; it may have to be opened again. */
  protected abstract PeriodStore wipe(PeriodStore wiped) throws Exception;

  /** Lets time pass at the store. */
  protected abstract void pass(Duration time) throws Exception;

  /** Puts bytes that are not a batch into a mailbox. */
  protected abstract void damage(ShardPeriod place, String name, byte[] bytes) throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = open(LAYOUT);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void shouldChangeNothingWhenABatchIsPutAgain() {
    Batch batch =
        batch(
            PLACE,
            1,
            Map.of(
                counter("a|b"), count(5),
                counter("a"), count(-3),
                gauge("g"), level(2.5, START_MS, 1, 1),
                histogram("h"), times(1, 2, 3)));
    assertThat(store.put(List.of(batch))).containsExactly(PutOutcome.TAKEN);
    String once = everything();
    for (int i = 0; i < 4; i++) {
      assertThat(store.put(List.of(batch))).containsExactly(PutOutcome.KNOWN);
      assertThat(everything()).isEqualTo(once);
    }
    assertThat(store.counters(PLACE)).isEqualTo(Map.of(Key.of("a|b"), 5L, Key.of("a"), -3L));
    assertThat(counters.get(StoreCounter.KNOWN_BATCH)).isEqualTo(4);
  }

  @Test
  void shouldTakeABatchOnceWhenItComesTwiceInOneCall() {
    Batch batch = batch(1, "a", 5);
    assertThat(store.put(List.of(batch, batch, batch(2, "a", 1), batch)))
        .containsExactly(PutOutcome.TAKEN, PutOutcome.KNOWN, PutOutcome.TAKEN, PutOutcome.KNOWN);
    assertThat(store.counters(PLACE)).isEqualTo(Map.of(Key.of("a"), 6L));
  }

  @Test
  void shouldTakeEachBatchOnceWhenThreadsPutTheSame() throws Exception {
    List<Batch> batches = new ArrayList<>();
    for (int segment = 1; segment <= 10; segment++) {
      batches.add(batch(segment, "a", segment));
    }
    List<Callable<List<PutOutcome>>> puts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      List<Batch> shuffled = new ArrayList<>(batches);
      Collections.shuffle(shuffled, new Random(i));
      puts.add(() -> store.put(shuffled));
    }
    long taken =
        inParallel(puts).stream()
            .flatMap(List::stream)
            .filter(outcome -> outcome == PutOutcome.TAKEN)
            .count();
    assertThat(taken).isEqualTo(10);
    assertThat(store.counters(PLACE)).isEqualTo(Map.of(Key.of("a"), 55L));
    assertThat(bytes(store.mailbox(PLACE))).isEqualTo(bytes(batches));
  }

  @Test
  void shouldKnowABatchThatIsDone() {
    Batch batch = batch(1, "a", 5);
    store.put(List.of(batch));
    store.done(PLACE, List.of(batch.name()));
    assertThat(store.put(List.of(batch))).containsExactly(PutOutcome.KNOWN);
    assertThat(store.mailbox(PLACE)).isEmpty();
    assertThat(store.waiting()).isEmpty();
    assertThat(store.counters(PLACE)).isEqualTo(Map.of(Key.of("a"), 5L));
  }

  @Test
  void shouldKnowNamesThatWereDoneWithoutEverBeingPut() {
    Batch batch = batch(1, "a", 5);
    store.done(PLACE, List.of(batch.name(), new BatchName(1, 1)));
    store.done(PLACE, List.of(batch.name()));
    store.done(PLACE, List.of());
    assertThat(store.put(List.of(batch))).containsExactly(PutOutcome.KNOWN);
    assertThat(store.counters(PLACE)).isEmpty();
    assertThat(store.seen(PLACE.shard())).isEmpty();
  }

  @Test
  void shouldTellStates() {
    Batch waiting = batch(1, "a", 1);
    Batch done = batch(2, "a", 1);
    BatchName absent = new BatchName(-1, -1);
    store.put(List.of(waiting, done));
    store.done(PLACE, List.of(done.name()));
    assertThat(store.states(PLACE, List.of(absent, done.name(), waiting.name(), absent)))
        .isEqualTo(
            Map.of(
                waiting.name(),
                BatchState.WAITING,
                done.name(),
                BatchState.DONE,
                absent,
                BatchState.ABSENT));
    assertThat(store.states(PLACE, List.of())).isEmpty();
    ShardPeriod elsewhere = new ShardPeriod(PLACE.shard() + 1, START_MS);
    assertThat(store.states(elsewhere, List.of(done.name())))
        .isEqualTo(Map.of(done.name(), BatchState.ABSENT));
  }

  @Test
  void shouldListWaitingMailboxesOldestFirst() {
    List<ShardPeriod> places =
        List.of(
            new ShardPeriod(0, START_MS - PERIOD_MS),
            new ShardPeriod(3, START_MS - PERIOD_MS),
            new ShardPeriod(0, START_MS),
            new ShardPeriod(2, START_MS),
            new ShardPeriod(1, START_MS + 100 * PERIOD_MS));
    List<Batch> batches = new ArrayList<>();
    for (ShardPeriod place : places) {
      batches.add(batch(place, 1, Map.of(counter("a"), count(1))));
      batches.add(batch(place, 2, Map.of(counter("a"), count(1))));
    }
    Collections.shuffle(batches, new Random(1));
    store.put(batches);
    assertThat(store.waiting()).containsExactlyElementsOf(places);
    store.done(places.get(2), List.of(new BatchName(7, 1)));
    assertThat(store.waiting()).containsExactlyElementsOf(places);
    store.done(places.get(2), List.of(new BatchName(7, 2)));
    assertThat(store.waiting()).hasSize(4).doesNotContain(places.get(2));
  }

  @Test
  void shouldGiveBackTheBytesOfABatchInOrderOfNames() {
    Batch first = batch(-1, "b", 4);
    Batch second = Batch.of(new BatchName(-2, 0), PLACE, PERIOD_MS, new TreeMap<>());
    store.put(List.of(second, first));
    assertThat(bytes(store.mailbox(PLACE))).isEqualTo(bytes(List.of(first, second)));
    assertThat(store.mailbox(new ShardPeriod(0, START_MS))).isEmpty();
  }

  @Test
  void shouldGiveAllOfAMailboxWhateverOfItIsKnown() {
    Batch first = batch(1, "a", 1);
    Batch second = batch(2, "b", 2);
    store.put(List.of(first, second));
    Map<BatchName, Batch> known = new TreeMap<>(Map.of(first.name(), first));
    assertThat(bytes(store.mailbox(PLACE, known::get))).isEqualTo(bytes(List.of(first, second)));
    known.put(second.name(), second);
    store.done(PLACE, List.of(first.name()));
    assertThat(bytes(store.mailbox(PLACE, known::get))).isEqualTo(bytes(List.of(second)));
    assertThat(store.mailbox(new ShardPeriod(0, START_MS), known::get)).isEmpty();
  }

  @Test
  void shouldLeaveOutAndCountADamagedBatch() throws Exception {
    Batch good = batch(1, "a", 1);
    Batch elsewhere = batch(new ShardPeriod(2, START_MS), 9, Map.of(counter("a"), count(1)));
    store.put(List.of(good));
    damage(PLACE, new BatchName(7, 2).toString(), new byte[] {1, 2, 3});
    damage(PLACE, new BatchName(7, 3).toString(), good.bytes());
    damage(PLACE, elsewhere.name().toString(), elsewhere.bytes());
    byte[] flipped = good.bytes().clone();
    flipped[50] ^= 1;
    damage(PLACE, new BatchName(7, 4).toString(), flipped);
    assertThat(bytes(store.mailbox(PLACE))).isEqualTo(bytes(List.of(good)));
    assertThat(counters.get(StoreCounter.DAMAGED_BATCH)).isEqualTo(4);
  }

  @Test
  void shouldKeepTheLaterGauge() {
    int shard = PLACE.shard();
    Series series = gauge("g");
    List<GaugeCell> ascending =
        List.of(
            level(9, -5, 1, 1),
            level(8, START_MS, -2, -1),
            level(7, START_MS + 1, 1, 255),
            level(6, START_MS + 1, 1, 256),
            level(5, START_MS + 1, 1, -1),
            level(4, START_MS + 1, -1, 1),
            level(-3, START_MS + 300, 0, 0),
            level(-2, START_MS + 300, 0, 0),
            level(1, START_MS + 300, 0, 0),
            level(2, START_MS + 300, 0, 0));
    long segment = 0;
    for (GaugeCell cell : ascending) {
      store.put(List.of(batch(PLACE, ++segment, Map.of(series, cell))));
      assertThat(store.gauges(shard).get(series.key()).last()).isEqualTo(cell.last());
    }
    for (GaugeCell cell : ascending) {
      store.put(List.of(batch(PLACE, ++segment, Map.of(series, cell))));
      assertThat(store.gauges(shard).get(series.key()).last()).isEqualTo(2);
    }
    assertThat(counters.get(StoreCounter.LATE_GAUGE)).isEqualTo(ascending.size());
    assertThat(store.mailbox(PLACE)).hasSize(2 * ascending.size());
    assertThat(store.gauges(0)).isEmpty();
  }

  @Test
  void shouldMarkSeriesAsSeenInTheTenMinutesOfTheirLastPeriod() {
    int shard = PLACE.shard();
    long stepMs = Duration.ofMinutes(10).toMillis();
    // Those of the second of four shards begin two minutes and a half later.
    long seenMs = Math.floorDiv(START_MS - stepMs / 4, stepMs) * stepMs + stepMs / 4;
    long firstMs = (Math.floorDiv(seenMs, PERIOD_MS) + 1) * PERIOD_MS;
    ShardPeriod first = new ShardPeriod(shard, firstMs);
    ShardPeriod last = new ShardPeriod(shard, firstMs + stepMs - PERIOD_MS);
    ShardPeriod before = new ShardPeriod(shard, firstMs - PERIOD_MS);
    store.put(
        List.of(
            batch(first, 1, Map.of(counter("a"), count(1), gauge("a"), level(1, 2, 3, 4))),
            batch(before, 1, Map.of(counter("a"), count(1), histogram("b|c"), times(1)))));
    store.put(List.of(batch(last, 2, Map.of(counter("a"), count(1), counter("d"), count(1)))));
    Map<Series, Long> seen = new HashMap<>();
    seen.put(counter("a"), seenMs);
    seen.put(gauge("a"), seenMs);
    seen.put(histogram("b|c"), seenMs - stepMs);
    seen.put(counter("d"), seenMs);
    assertThat(store.seen(shard)).isEqualTo(seen);
    assertThat(store.seen(0)).isEmpty();
    ShardPeriod next = new ShardPeriod(shard, firstMs + stepMs);
    store.put(List.of(batch(next, 3, Map.of(counter("a"), count(1), histogram("b|c"), times(1)))));
    seen.put(counter("a"), seenMs + stepMs);
    seen.put(histogram("b|c"), seenMs + stepMs);
    assertThat(store.seen(shard)).isEqualTo(seen);
  }

  @Test
  void shouldKeepAnnotationsUntilHistoryHasThem() {
    Annotation one = Annotation.of(START_MS, START_MS, "one", "info", "é\n", "", List.of("a:b"));
    Annotation two = Annotation.of(START_MS + 1, START_MS + 9, "two", "error", "", "ci", List.of());
    assertThat(store.annotations()).isEmpty();
    store.putAnnotations(List.of());
    store.putAnnotations(List.of(one, two));
    store.putAnnotations(List.of(one));
    assertThat(store.annotations()).containsExactlyInAnyOrder(one, two);
    store.annotationsDone(List.of(one.id()));
    store.annotationsDone(List.of(one.id()));
    store.annotationsDone(List.of());
    assertThat(store.annotations()).containsExactly(two);
    store.annotationsDone(List.of(two.id()));
    assertThat(store.annotations()).isEmpty();
  }

  @Test
  void shouldForgetSeriesAndGaugesNotSeenForLong() {
    int shard = PLACE.shard();
    long later =
        START_MS + PeriodStore.retention(PeriodStore.LATE_HORIZON).toMillis() + 2 * 3_600_000;
    store.put(
        List.of(
            batch(PLACE, 1, Map.of(counter("old"), count(1), gauge("old"), level(1, 2, 3, 4))),
            batch(PLACE, 2, Map.of(gauge("kept"), level(1, 2, 3, 4)))));
    store.put(
        List.of(
            batch(
                new ShardPeriod(shard, later),
                3,
                Map.of(counter("new"), count(1), gauge("kept"), level(1, 3, 3, 4)))));
    assertThat(store.seen(shard).keySet()).containsExactlyInAnyOrder(counter("new"), gauge("kept"));
    assertThat(store.gauges(shard).keySet()).containsExactly(Key.of("kept"));
  }

  @Test
  void shouldKeepFractionsOutOfTheSumsAndInTheBatch() {
    CounterCell cell = new CounterCell();
    cell.add(2.75);
    store.put(List.of(batch(PLACE, 1, Map.of(counter("a"), cell))));
    assertThat(store.counters(PLACE)).isEqualTo(Map.of(Key.of("a"), 2L));
  }

  @Test
  void shouldRefuseAndCountAnIncrementThatOverflows() {
    store.put(List.of(batch(1, "a", Long.MAX_VALUE)));
    store.put(List.of(batch(PLACE, 2, Map.of(counter("a"), count(1), counter("b"), count(2)))));
    store.put(List.of(batch(3, "c", Long.MIN_VALUE), batch(4, "c", -1), batch(5, "a", -7)));
    assertThat(store.counters(PLACE))
        .isEqualTo(
            Map.of(Key.of("a"), Long.MAX_VALUE - 7, Key.of("b"), 2L, Key.of("c"), Long.MIN_VALUE));
    assertThat(counters.get(StoreCounter.REFUSED_INCREMENT)).isEqualTo(2);
    assertThat(store.mailbox(PLACE)).hasSize(5);
  }

  @Test
  void shouldSumUpRandomBatchesAndGiveThemBack() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Batch> batches = randomBatches(random);
    List<Batch> puts = new ArrayList<>(batches);
    puts.addAll(batches);
    Collections.shuffle(puts, random);
    for (int i = 0; i < puts.size(); i += 7) {
      store.put(puts.subList(i, Math.min(puts.size(), i + 7)));
    }
    for (ShardPeriod place : places()) {
      assertThat(store.counters(place)).as("seed %d", seed).isEqualTo(sums(batches, place));
      List<Batch> here = batches.stream().filter(b -> b.place().equals(place)).toList();
      assertThat(bytes(store.mailbox(place))).isEqualTo(bytes(here));
    }
    for (int shard = 0; shard < LAYOUT.shards(); shard++) {
      assertThat(store.seen(shard)).as("seed %d", seed).isEqualTo(seen(batches, shard));
    }
  }

  private static Map<Series, Long> seen(List<Batch> batches, int shard) {
    Map<Series, Long> seen = new HashMap<>();
    for (Batch batch : batches) {
      Posting posting = Posting.of(batch, LAYOUT);
      if (batch.place().shard() == shard) {
        posting.series().forEach(s -> seen.merge(s, posting.seenSeconds() * 1000, Math::max));
      }
    }
    return seen;
  }

  /** What all stores answer after the same puts, as one text: I6. */
  @Test
  void shouldGiveTheSameBytesAsEveryOtherStore() {
    store.put(randomBatches(new Random(42)));
    store.done(PLACE, List.of(new BatchName(1, 1), new BatchName(2, 3)));
    assertThat(Key.sha256Head(everything().getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(SAME_FOR_ALL);
  }

  @Test
  void shouldTakeBatchesAgainAfterAWipe() throws Exception {
    List<Batch> batches = List.of(batch(1, "a", 5), batch(2, "a", 6));
    store.put(batches);
    store.done(PLACE, List.of(batches.get(0).name()));
    store = wipe(store);
    assertThat(store.states(PLACE, List.of(new BatchName(7, 1), new BatchName(7, 2))).values())
        .containsOnly(BatchState.ABSENT);
    assertThat(store.waiting()).isEmpty();
    assertThat(store.put(batches)).containsOnly(PutOutcome.TAKEN);
    assertThat(store.counters(PLACE)).isEqualTo(Map.of(Key.of("a"), 11L));
    assertThatThrownBy(() -> open(new Layout(Period.ONE_MINUTE, 5)))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void shouldKeepAllWhenOpenedAgain() throws Exception {
    store.put(randomBatches(new Random(3)));
    String before = everything();
    store.close();
    store = open(LAYOUT);
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void shouldRefuseAnotherLayoutNamingBoth() {
    assertThat(store.layout()).isEqualTo(LAYOUT);
    for (Layout other :
        List.of(new Layout(Period.TEN_SECONDS, 4), new Layout(Period.ONE_MINUTE, 16))) {
      assertThatThrownBy(() -> open(other))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("--period 60s --shards 4")
          .hasMessageContaining(
              "--period " + other.period().label() + " --shards " + other.shards())
          .extracting(e -> ((StoreException) e).fault())
          .isEqualTo(StoreException.Fault.FOREIGN_CONTENT);
    }
  }

  @Test
  void shouldRefuseBatchesThatDoNotFitTheLayout() {
    TreeMap<Series, Cell> cells = new TreeMap<>(Map.of(counter("a"), count(1)));
    BatchName name = new BatchName(1, 1);
    for (Batch wrong :
        List.of(
            Batch.of(name, new ShardPeriod(4, START_MS), PERIOD_MS, cells),
            Batch.of(name, PLACE, 10_000, cells),
            Batch.of(name, new ShardPeriod(1, START_MS + 1), PERIOD_MS, cells))) {
      assertThatThrownBy(() -> store.put(List.of(batch(1, "a", 1), wrong)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(store.put(List.of())).isEmpty();
    assertThat(store.waiting()).isEmpty();
  }

  @Test
  void shouldLeaseToOneHolderAtATime() throws Exception {
    Duration length = Duration.ofMillis(300);
    assertThat(store.lease("rollup/1", "a", length)).isTrue();
    assertThat(store.lease("rollup/2", "b", length)).isTrue();
    store.release("rollup/1", "b");
    store.release("rollup/3", "b");
    assertThat(store.lease("rollup/1", "b", length)).isFalse();
    assertThat(store.lease("rollup/1", "a", Duration.ofHours(1))).isTrue();
    pass(length.plusMillis(5));
    assertThat(store.lease("rollup/1", "b", length)).isFalse();
    assertThat(store.lease("rollup/2", "a", length)).isTrue();
    store.release("rollup/1", "a");
    assertThat(store.lease("rollup/1", "b", length)).isTrue();
  }

  @Test
  void shouldGiveALeaseToOneOfManyThreads() throws Exception {
    List<Callable<Boolean>> tries = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String holder = "holder" + i;
      tries.add(() -> store.lease("one", holder, Duration.ofHours(1)));
    }
    assertThat(inParallel(tries)).containsOnlyOnce(true);
  }

  @Test
  void shouldTellItsTimeAndName() throws Exception {
    long before = store.clockMs();
    pass(Duration.ofMillis(20));
    assertThat(store.clockMs()).isGreaterThanOrEqualTo(before + 20);
    assertThat(store.describe()).isNotBlank();
  }

  @Test
  void shouldSayThatItIsClosed() {
    store.close();
    store.close();
    assertThatThrownBy(() -> store.put(List.of(batch(1, "a", 1))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("closed");
  }

  private static List<ShardPeriod> places() {
    return List.of(PLACE, new ShardPeriod(1, START_MS + PERIOD_MS), new ShardPeriod(3, START_MS));
  }

  private static List<Batch> randomBatches(Random random) {
    List<Batch> batches = new ArrayList<>();
    for (ShardPeriod place : places()) {
      for (int incarnation = 1; incarnation <= 3; incarnation++) {
        for (int segment = 1; segment <= 5; segment++) {
          batches.add(Samples.batch(place, new BatchName(incarnation, segment), random));
        }
      }
    }
    return batches;
  }

  private static Map<Key, Long> sums(List<Batch> batches, ShardPeriod place) {
    Map<Key, Long> sums = new TreeMap<>();
    for (Batch batch : batches) {
      if (batch.place().equals(place)) {
        try {
          batch.forEach(
              (series, cell) -> {
                if (cell instanceof CounterCell counter) {
                  sums.merge(series.key(), counter.sum(), Math::addExact);
                }
              });
        } catch (CorruptException e) {
          throw new AssertionError(e);
        }
      }
    }
    return sums;
  }

  private static List<String> bytes(List<Batch> batches) {
    return batches.stream().map(b -> HexFormat.of().formatHex(b.bytes())).toList();
  }

  /** All that can be read from the store, in a fixed order. */
  private String everything() {
    StringBuilder all = new StringBuilder();
    Set<ShardPeriod> places = new TreeSet<>(places());
    places.addAll(store.waiting());
    all.append(store.waiting()).append('\n');
    for (ShardPeriod place : places) {
      all.append(place).append(bytes(store.mailbox(place))).append('\n');
      all.append(new TreeMap<>(store.counters(place))).append('\n');
    }
    for (int shard = 0; shard < LAYOUT.shards(); shard++) {
      all.append(new TreeMap<>(store.seen(shard))).append('\n');
      new TreeMap<>(store.gauges(shard))
          .forEach(
              (key, cell) -> {
                ByteWriter stored = new ByteWriter(64);
                cell.store(stored);
                all.append(key)
                    .append('=')
                    .append(HexFormat.of().formatHex(stored.toBytes()))
                    .append('\n');
              });
    }
    return all.toString();
  }

  private static <T> List<T> inParallel(List<Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(tasks)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
