package org.skymetrics.cli.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.time.Period;
import org.skymetrics.rollup.Rollup;
import org.skymetrics.rollup.RollupConfig;
import org.skymetrics.rollup.RollupCounter;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.annotation.Annotations;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.KeyList;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.chunk.Span;
import org.skymetrics.store.dashboard.Dashboard;
import org.skymetrics.store.dashboard.Dashboards;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.Layout;
import org.skymetrics.ui.query.Answer;
import org.skymetrics.ui.query.Point;

/** History out and in again, and what is said of it where it is damaged. */
final class TransferTest {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 4);

  /** 2023-11-14 23:50 UTC: what is counted reaches over the end of a day. */
  private static final long START_MS = 1_700_005_800_000L;

  private static final int MINUTES = 25;

  @TempDir Path dir;

  private final ManualClock clock = new ManualClock(START_MS + Duration.ofHours(1).toMillis());

  /** Two servers' batches of some series of each kind. */
  private HistoryStore filled() {
    HistoryStore store = new MemoryHistory();
    Random random = new Random(11);
    Mail mail = new Mail(LAYOUT);
    for (int minute = 0; minute < MINUTES; minute++) {
      for (int server = 1; server <= 2; server++) {
        long startMs = START_MS + minute * 60_000L;
        Map<Integer, SortedMap<Series, Cell>> shards = cells(random, startMs);
        BatchName name = new BatchName(server, minute);
        shards.forEach(
            (shard, cells) ->
                mail.put(List.of(Batch.of(name, new ShardPeriod(shard, startMs), 60_000, cells))));
      }
    }
    rollUp(mail, store);
    return store;
  }

  private static Map<Integer, SortedMap<Series, Cell>> cells(Random random, long startMs) {
    Map<Integer, SortedMap<Series, Cell>> shards = new TreeMap<>();
    for (int i = 0; i < 12; i++) {
      Kind kind = Kind.values()[i % Kind.values().length];
      if (random.nextInt(3) > 0) {
        Series series = new Series(Key.of("k|" + i), kind);
        shards
            .computeIfAbsent(series.key().shard(LAYOUT.shards()), s -> new TreeMap<>())
            .put(series, cell(kind, random, startMs));
      }
    }
    return shards;
  }

  private static Cell cell(Kind kind, Random random, long startMs) {
    Cell cell = kind.newCell();
    for (int n = random.nextInt(3); n >= 0; n--) {
      if (cell instanceof CounterCell counter) {
        counter.add(random.nextInt(1000) + 0.25);
      } else if (cell instanceof GaugeCell gauge) {
        gauge.set(random.nextDouble(), startMs + n);
      } else if (cell instanceof HistogramCell histogram) {
        histogram.record(random.nextDouble() * 100);
      } else if (cell instanceof SetCell set) {
        // Some with registers, most with their members.
        for (int member = random.nextInt(8) == 0 ? 300 : 5; member > 0; member--) {
          set.add(SetCell.hash("user " + random.nextInt(1000)));
        }
      }
    }
    return cell;
  }

  private void rollUp(Mail mail, HistoryStore store) {
    RollupConfig config = RollupConfig.builder().auditHorizon(Duration.ZERO).build();
    Rollup.create(config, mail, store, clock).runOnce();
    assertThat(mail.waiting()).isEmpty();
  }

  private String export(HistoryStore store, LineFormat format) throws Exception {
    return export(store, format, START_MS, clock.wallMs());
  }

  private String export(HistoryStore store, LineFormat format, long from, long to)
      throws Exception {
    StringWriter text = new StringWriter();
    List<String> damaged =
        new HistoryExport(store, LAYOUT, clock, format, () -> true)
            .run(from, to, series -> true, new BufferedWriter(text));
    assertThat(damaged).isEmpty();
    return text.toString();
  }

  private HistoryImport take(HistoryStore store, String text, String origin, boolean add)
      throws Exception {
    HistoryImport work = new HistoryImport(store, LAYOUT, clock, origin, add, () -> true);
    work.run(new BufferedReader(new StringReader(text)));
    return work;
  }

  private HistoryVerify verified(HistoryStore store) {
    HistoryVerify verify = new HistoryVerify(store, LAYOUT, clock, () -> true, took -> {});
    verify.run(START_MS, clock.wallMs());
    return verify;
  }

  @ParameterizedTest
  @EnumSource(LineFormat.class)
  void shouldGiveTheSameBytesAfterImport(LineFormat format) throws Exception {
    String text = export(filled(), format);
    assertThat(text.lines().count()).isGreaterThan(150);
    HistoryStore other = new MemoryHistory();

    long lines = text.lines().count() - (format == LineFormat.CSV ? 1 : 0);
    assertThat(take(other, text, "", false).taken()).isEqualTo(lines);
    assertThat(export(other, format)).isEqualTo(text);
    assertThat(verified(other).faults()).isEmpty();

    HistoryImport again = take(other, text, "", false);
    assertThat(again.known()).isEqualTo(lines);
    assertThat(again.taken()).isZero();
    assertThat(export(other, format)).isEqualTo(text);
  }

  @Test
  void shouldExportTheRangeAndTheKeysAskedFor() throws Exception {
    HistoryStore store = filled();
    String text = export(store, LineFormat.CSV, START_MS + 60_000, START_MS + 180_000);
    assertThat(text.lines().skip(1).map(line -> line.split(",", -1)[0]).distinct())
        .containsExactly("" + (START_MS / 1000 + 60), "" + (START_MS / 1000 + 120));
    StringWriter one = new StringWriter();
    new HistoryExport(store, LAYOUT, clock, LineFormat.CSV, () -> true)
        .run(
            START_MS,
            clock.wallMs(),
            series -> series.key().equals(Key.of("k|3")),
            new BufferedWriter(one));
    assertThat(one.toString().lines().skip(1)).isNotEmpty().allMatch(l -> l.contains("\"k|3\""));
  }

  @Test
  void shouldRefuseToCountWhatIsThereAlready() throws Exception {
    HistoryStore store = filled();
    String text = export(store, LineFormat.CSV);
    assertThatThrownBy(() -> take(store, text, "", false))
        .isInstanceOf(ImportException.class)
        .hasMessageContaining("line ")
        .hasMessageContaining("already");
    assertThat(export(store, LineFormat.CSV)).isEqualTo(text);

    take(store, text, "other system", true);
    String doubled = export(store, LineFormat.CSV);
    take(store, text, "other system", true);
    assertThat(export(store, LineFormat.CSV)).isEqualTo(doubled).isNotEqualTo(text);
  }

  @Test
  void shouldTakeNothingOfAPieceWithABadLineAndGoOnWhenItIsMended() throws Exception {
    HistoryStore filled = filled();
    List<String> lines = new ArrayList<>(export(filled, LineFormat.CSV).lines().toList());
    String good = String.join("\n", lines) + "\n";
    int bad = lines.size() - 3;
    String line = lines.get(bad);
    lines.set(bad, line.replace(",60,", ",10,"));
    HistoryStore store = new MemoryHistory();

    assertThatThrownBy(() -> take(store, String.join("\n", lines), "", false))
        .hasMessageContaining("line " + (bad + 1) + ": ")
        .hasMessageContaining("period");
    long lastWindow = (Long.parseLong(line.split(",", -1)[0]) / 300) * 300_000;
    String before = export(store, LineFormat.CSV);
    assertThat(before).isEqualTo(export(filled, LineFormat.CSV, START_MS, lastWindow));

    take(store, good, "", false);
    assertThat(export(store, LineFormat.CSV)).isEqualTo(good);
    assertThatThrownBy(() -> take(store, "time,value\n", "", false))
        .hasMessageContaining("line 1: ");
    lines.set(bad, lines.get(bad - 1));
    assertThatThrownBy(() -> take(new MemoryHistory(), String.join("\n", lines), "", false))
        .hasMessageContaining("same series and time as line " + bad);
  }

  private byte[] copy(HistoryStore store) throws Exception {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    new HistoryBackup(store, LAYOUT, clock, () -> true).run(copy);
    return copy.toByteArray();
  }

  private HistoryRestore restore(HistoryStore store, byte[] copy) throws Exception {
    Path file = Files.write(dir.resolve("copy"), copy);
    HistoryRestore restore = new HistoryRestore(store, LAYOUT);
    restore.run(file);
    return restore;
  }

  @Test
  void shouldRestoreIntoAnEmptyStore() throws Exception {
    HistoryStore store = filled();
    long nowMs = clock.wallMs();
    Annotation mark = Annotation.of(nowMs, nowMs, "mark", "info", "", "", List.of());
    new Annotations(store).put(List.of(mark));
    Dashboard board = Dashboard.of(nowMs, "board", "{}");
    new Dashboards(store).put(board);
    byte[] copy = copy(store);
    HistoryStore other = new MemoryHistory();

    restore(other, copy);

    assertThat(new Annotations(other).read(nowMs, nowMs + 1).annotations()).containsExactly(mark);
    assertThat(new Dashboards(other).read().dashboards()).containsExactly(board);
    assertThat(export(other, LineFormat.CSV)).isEqualTo(export(store, LineFormat.CSV));
    assertThat(verified(other).faults()).isEmpty();
    assertThat(copy(other)).isEqualTo(copy);
    assertThat(restore(other, copy).summary()).startsWith("0 values restored");
  }

  @Test
  void shouldUniteWhatIsRestoredWithWhatIsThere() throws Exception {
    HistoryStore store = filled();
    byte[] copy = copy(store);
    Mail mail = new Mail(LAYOUT);
    CounterCell cell = new CounterCell();
    cell.add(1_000_000);
    Series series = new Series(Key.of("k|0"), Kind.COUNTER);
    mail.put(
        List.of(
            Batch.of(
                new BatchName(9, 9),
                new ShardPeriod(series.key().shard(LAYOUT.shards()), START_MS),
                60_000,
                new TreeMap<>(Map.of(series, cell)))));
    rollUp(mail, store);
    String more = export(store, LineFormat.CSV);

    restore(store, copy);

    assertThat(export(store, LineFormat.CSV)).isEqualTo(more);
    assertThat(verified(store).faults()).isEmpty();
  }

  @Test
  void shouldChangeNothingWhereACopyIsDamaged() throws Exception {
    byte[] copy = copy(filled());
    HistoryStore other = new MemoryHistory();
    byte[] damaged = copy.clone();
    damaged[damaged.length - 100] ^= 1;
    assertThatThrownBy(() -> restore(other, damaged))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("checksum");
    for (int length : new int[] {0, 3, 10, 16, 17, copy.length / 2, copy.length - 1}) {
      byte[] cut = Arrays.copyOf(copy, length);
      assertThatThrownBy(() -> restore(other, cut)).isInstanceOf(ArchiveException.class);
    }
    assertThat(copy(other)).isEqualTo(copy(new MemoryHistory()));
    Path file = Files.write(dir.resolve("copy"), copy);
    assertThatThrownBy(() -> HistoryRestore.requireLayout(file, new Layout(Period.ONE_SECOND, 4)))
        .hasMessage("it is of --period 60s --shards 4, and can be restored only with these");
  }

  @Test
  void shouldFindHistoryInOrder() throws Exception {
    HistoryVerify verify = verified(filled());
    assertThat(verify.faults()).isEmpty();
    assertThat(verify.summary()).contains("4 shards");
    assertThat(verify.beginMs()).isEqualTo(Period.floor(START_MS, WholeHistory.DAY_MS));
  }

  @Test
  void shouldFindADamagedBlock() {
    HistoryStore store = filled();
    String key = anyBlock(store);
    HistoryStore.Versions versions = store.get(key);
    byte[] value = versions.values().get(0).clone();
    value[value.length / 2] ^= 1;
    store.put(key, value, versions.context());

    assertThat(verified(store).faults()).anyMatch(fault -> fault.contains(key));
  }

  @Test
  void shouldFindALostOrDamagedFile() {
    String key =
        new ChunkPlace(Span.HOUR, 60_000, 1, Span.HOUR.startOf(START_MS), 0, 0).historyKey();
    HistoryStore store = filled();
    HistoryStore.Versions versions = store.get(key);
    byte[] value = versions.values().get(0).clone();
    store.delete(key, versions.context());
    assertThat(verified(store).faults()).anyMatch(fault -> fault.contains(key + " is missing"));

    value[value.length / 2] ^= 1;
    store.put(key, value, Context.NONE);
    assertThat(verified(store).faults()).anyMatch(fault -> fault.contains(key));
  }

  @Test
  void shouldGiveTheSameAfterAllWasCompacted() throws Exception {
    HistoryStore store = filled();
    String before = export(store, LineFormat.CSV);
    clock.advance(Duration.ofDays(20));
    Rollup rollup =
        Rollup.create(
            RollupConfig.builder().auditHorizon(Duration.ZERO).build(),
            new Mail(LAYOUT),
            store,
            clock);
    for (int i = 0; i < 10; i++) {
      rollup.runOnce();
    }
    assertThat(rollup.counters().get(RollupCounter.BLOCKS_RETIRED)).isPositive();
    assertThat(export(store, LineFormat.CSV)).isEqualTo(before);
    assertThat(verified(store).faults()).isEmpty();
    HistoryStore other = new MemoryHistory();
    restore(other, copy(store));
    assertThat(export(other, LineFormat.CSV)).isEqualTo(before);
    assertThat(verified(other).faults()).isEmpty();
  }

  /** Late counts, as each stage of what became of the blocks of their hour meets them. */
  @ParameterizedTest
  @ValueSource(longs = {1, 3, 26, 60, 500})
  void shouldHaveLateCountsInTheirPeriodAtEveryLevel(long hoursLater) throws Exception {
    HistoryStore store = new MemoryHistory();
    SortedMap<Series, Cell> series = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      series.put(new Series(Key.of("late"), kind), cell(kind, new Random(kind.id()), START_MS));
    }
    int shard = Key.of("late").shard(LAYOUT.shards());
    long minuteMs = START_MS + 120_000;
    Mail mail = new Mail(LAYOUT);
    for (long at : new long[] {minuteMs, START_MS + 1_200_000}) {
      mail.put(List.of(Batch.of(new BatchName(1, at), new ShardPeriod(shard, at), 60_000, series)));
    }
    settle(mail, store);
    clock.advance(Duration.ofHours(hoursLater));
    settle(mail, store);
    mail.put(
        List.of(Batch.of(new BatchName(2, 1), new ShardPeriod(shard, minuteMs), 60_000, series)));
    rollUp(mail, store);
    assertHasLate(store, series, minuteMs);
    settle(mail, store);
    assertHasLate(store, series, minuteMs);
    clock.advance(Duration.ofDays(40));
    settle(mail, store);
    assertHasLate(store, series, minuteMs);
    assertThat(verified(store).faults()).isEmpty();
  }

  private void settle(Mail mail, HistoryStore store) {
    for (int i = 0; i < 8; i++) {
      rollUp(mail, store);
    }
  }

  /** The minute has its counts twice; so have the steps that it lies in, and all others once. */
  private void assertHasLate(HistoryStore store, Map<Series, Cell> counted, long minuteMs) {
    WholeHistory history = new WholeHistory(store, LAYOUT, clock);
    List<Series> series = List.copyOf(counted.keySet());
    for (long stepMs : new long[] {60_000, 300_000, 3_600_000, 86_400_000}) {
      long fromMs = Period.floor(START_MS, stepMs);
      long toMs = Period.floor(START_MS + 1_200_000, stepMs) + stepMs;
      Answer answer = history.read(series, fromMs, toMs, stepMs);
      assertThat(answer.damaged()).isEmpty();
      for (Answer.Line line : answer.lines()) {
        Cell once = counted.get(line.series());
        assertThat(line.points())
            .extracting(Point::timeMs)
            .as("%s by %s ms", line.series(), stepMs)
            .containsExactly(
                Period.floor(minuteMs, stepMs), Period.floor(START_MS + 1_200_000, stepMs));
        assertThat(text(line.points().get(0).cell())).isEqualTo(text(merged(once, once)));
        assertThat(text(line.points().get(1).cell())).isEqualTo(text(merged(once)));
      }
    }
  }

  private static Cell merged(Cell... cells) {
    Cell merged = cells[0].kind().newCell();
    Arrays.stream(cells).forEach(merged::merge);
    return merged;
  }

  private static Map<String, String> text(Cell cell) {
    return CellText.fields(cell);
  }

  @Test
  void shouldFindSeriesThatNoListHas() {
    HistoryStore store = filled();
    String key = KeyList.historyKey(Key.of("k|0").shard(LAYOUT.shards()));
    store.put(key, KeyList.empty().toBytes(), store.get(key).context());

    assertThat(verified(store).faults())
        .anyMatch(fault -> fault.contains("counter:k|0 has values in block/"));
  }

  private static String anyBlock(HistoryStore store) {
    for (int minute = 0; ; minute++) {
      String key = Block.historyKey(new ShardPeriod(1, START_MS + minute * 60_000L));
      if (!store.get(key).values().isEmpty()) {
        return key;
      }
    }
  }

  @Test
  void shouldRefuseAnotherNumberOfShards() {
    HistoryStore store = filled();
    store.put(
        KeyList.historyKey(0),
        KeyList.empty().with(Map.of(new Series(keyOfShard(1), Kind.COUNTER), START_MS)).toBytes(),
        Context.NONE);

    assertThat(verified(store).faults()).anyMatch(fault -> fault.contains("another --shards"));
  }

  private static Key keyOfShard(int shard) {
    for (int i = 0; ; i++) {
      Key key = Key.of("x" + i);
      if (key.shard(LAYOUT.shards()) == shard) {
        return key;
      }
    }
  }
}
