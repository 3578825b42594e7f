package org.skymetrics.cli.history;

import com.google.common.collect.Lists;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Swing;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.DeletionList;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.ChunkFile;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.chunk.ChunkVersions;
import org.skymetrics.store.chunk.Span;
import org.skymetrics.store.chunk.StoredKeys;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.Layout;
import org.skymetrics.ui.count.UiCounter;
import org.skymetrics.ui.query.Answer;
import org.skymetrics.ui.query.Point;

/**
 * Reads all of history and says what is wrong with it: values whose checksum or layout is, levels
 * that are not what their periods add up to, series that have values but are in no key list.
 *
 * <p>A day of a shard at a time. Each series is read at its periods, merged, and compared with what
 * is read at 5 minutes, an hour and a day: as queries read it, from whatever history has of each.
 * While the system runs a batch may come in between, so what differs is read again before it is
 * reported.
 */
public final class HistoryVerify {
  private static final int TRIES = 3;

  /**
   * Files that are read at once; a store that takes its time per value has all of them in flight.
   */
  private static final int FILES_AT_ONCE = 64;

  private static final int MOST_FAULTS = 1000;
  private static final double TOLERANCE = 1e-9;

  private final HistoryStore store;
  private final WholeHistory history;
  private final BooleanSupplier goOn;
  private final LongConsumer rest;
  private final Set<String> faults = new LinkedHashSet<>();
  private final AtomicLong faultsFound = new AtomicLong();
  private final AtomicLong values = new AtomicLong();
  private final AtomicLong points = new AtomicLong();
  private volatile long fromMs;
  private volatile long toMs;
  private volatile long atMs;
  private volatile int atShard;

  /**
   * @param goOn false where the work is to end early
   * @param rest called after each piece of work with the time that it took, ns: to rest
   */
  public HistoryVerify(
      HistoryStore store, Layout layout, Clock clock, BooleanSupplier goOn, LongConsumer rest) {
    this.store = store;
    this.history = new WholeHistory(store, layout, clock);
    this.goOn = goOn;
    this.rest = rest;
  }

  /** The start of the first day of which there is anything, ms. */
  public long beginMs() {
    return history.beginMs();
  }

  /** Verifies the days that lie between two times, ms, whole days at both ends. */
  public void run(long from, long to) {
    fromMs = from;
    toMs = to;
    for (long day = Period.floor(from, WholeHistory.DAY_MS);
        day < to && goOn.getAsBoolean();
        day += WholeHistory.DAY_MS) {
      for (int shard = 0; shard < history.layout().shards() && goOn.getAsBoolean(); shard++) {
        atMs = day;
        atShard = shard;
        long startNs = System.nanoTime();
        verifyDay(day, shard);
        rest.accept(System.nanoTime() - startNs);
      }
    }
  }

  private void verifyDay(long day, int shard) {
    Set<String> found = new LinkedHashSet<>();
    for (int tries = 0; tries < TRIES; tries++) {
      found.clear();
      long damagedBefore = damagedValues();
      try {
        new Day(day, shard, found).run();
      } catch (CorruptException e) {
        found.add("the lists of shard " + shard + ": " + e.getMessage());
      }
      long damaged = damagedValues() - damagedBefore;
      if (damaged > 0 && found.isEmpty()) {
        found.add(
            damaged + " values of shard " + shard + " on the day " + day / 1000 + " can't be read");
      }
      if (found.isEmpty()) {
        return;
      }
    }
    found.forEach(this::report);
  }

  private long damagedValues() {
    return history.counters().get(UiCounter.DAMAGED_VALUES);
  }

  private void report(String fault) {
    faultsFound.incrementAndGet();
    if (faults.size() < MOST_FAULTS) {
      faults.add(fault);
    }
  }

  /** One day of one shard. */
  private final class Day {
    private final long startMs;
    private final int shard;
    private final Set<String> found;
    private final long periodMs = history.layout().period().lengthMs();
    private final List<Series> series;
    private final Set<Series> listed;
    private final DeletionList deleted;

    Day(long startMs, int shard, Set<String> found) throws CorruptException {
      this.startMs = startMs;
      this.shard = shard;
      this.found = found;
      this.series = history.series(shard);
      this.listed = new HashSet<>(series);
      this.deleted = history.deletions(shard);
    }

    void run() throws CorruptException {
      Catalog catalog = history.catalog(shard);
      verifyFiles(catalog);
      Catalog.Files files = catalog.files(Span.DAY).get(startMs);
      if (files != null && files.kept() != Catalog.DAY_PERIODS) {
        return;
      }
      Map<Series, Sums> days = new HashMap<>();
      Map<Series, Map<Long, Sums>> hours = new HashMap<>();
      for (long hour = startMs;
          hour < startMs + WholeHistory.DAY_MS && goOn.getAsBoolean();
          hour += WholeHistory.HOUR_MS) {
        if (hour + WholeHistory.HOUR_MS <= fromMs || hour >= toMs) {
          continue;
        }
        verifyKeys(hour);
        Map<Series, Sums> ofHour = verifyHour(hour);
        for (Map.Entry<Series, Sums> entry : ofHour.entrySet()) {
          hours.computeIfAbsent(entry.getKey(), s -> new TreeMap<>()).put(hour, entry.getValue());
          days.computeIfAbsent(entry.getKey(), Sums::new).add(entry.getValue());
        }
      }
      long from = Math.max(startMs, Period.floor(fromMs, WholeHistory.HOUR_MS));
      long to =
          Math.min(
              startMs + WholeHistory.DAY_MS,
              Period.floor(toMs + WholeHistory.HOUR_MS - 1, WholeHistory.HOUR_MS));
      compare(read(from, to, WholeHistory.HOUR_MS), hours, "1 h");
      if (to - from == WholeHistory.DAY_MS) {
        Map<Series, Map<Long, Sums>> wholeDays = new HashMap<>();
        days.forEach((s, sums) -> wholeDays.put(s, Map.of(startMs, sums)));
        compare(read(from, to, WholeHistory.DAY_MS), wholeDays, "1 d");
      }
    }

    /** The sums of the hour, after its windows of five minutes were compared with it. */
    private Map<Series, Sums> verifyHour(long hour) {
      long end = hour + WholeHistory.HOUR_MS;
      Map<Series, Sums> ofHour = new HashMap<>();
      Map<Series, Map<Long, Sums>> windows = new HashMap<>();
      for (Answer.Line line : read(hour, end, periodMs).lines()) {
        for (Point point : line.points()) {
          points.incrementAndGet();
          ofHour.computeIfAbsent(line.series(), Sums::new).add(point);
          windows
              .computeIfAbsent(line.series(), s -> new TreeMap<>())
              .computeIfAbsent(
                  Period.floor(point.timeMs(), WholeHistory.WINDOW_MS),
                  t -> new Sums(line.series()))
              .add(point);
        }
      }
      compare(read(hour, end, WholeHistory.WINDOW_MS), windows, "5 m");
      return ofHour;
    }

    private Answer read(long from, long to, long stepMs) {
      Answer answer = history.read(series, from, to, stepMs);
      found.addAll(answer.damaged());
      return answer;
    }

    private void compare(Answer level, Map<Series, Map<Long, Sums>> sums, String name) {
      for (Answer.Line line : level.lines()) {
        Map<Long, Sums> expected = new TreeMap<>(sums.getOrDefault(line.series(), Map.of()));
        for (Point point : line.points()) {
          Sums sum = expected.remove(point.timeMs());
          if (sum == null || !sum.agreesWith(point)) {
            differs(line.series(), name, point.timeMs());
          }
        }
        expected.keySet().forEach(timeMs -> differs(line.series(), name, timeMs));
      }
    }

    private void differs(Series series, String level, long timeMs) {
      found.add(
          series.kind().label()
              + ":"
              + series.key()
              + ": its "
              + level
              + " at "
              + timeMs / 1000
              + " is not what its periods add up to");
    }

    /**
     * Reads the files of the day and its hours, and of its month on its first day, to their ends.
     */
    private void verifyFiles(Catalog catalog) {
      StoredKeys stored = new StoredKeys(shard, history.layout().period());
      Set<ChunkPlace> mayBeGone = new HashSet<>();
      List<ChunkPlace> places = new ArrayList<>();
      for (Span span : Span.values()) {
        for (Map.Entry<Long, Catalog.Files> entry :
            catalog.files(span).subMap(startMs, Span.DAY.endOf(startMs)).entrySet()) {
          boolean isMarked = !catalog.marks(span, entry.getKey()).isEmpty();
          for (ChunkPlace place : stored.places(span, entry.getKey(), entry.getValue())) {
            // Those of a day's hours go when its month has them.
            if (isMarked || (span == Span.DAY && place.resolutionMs() == Span.HOUR_MS)) {
              mayBeGone.add(place);
            }
            places.add(place);
          }
        }
      }
      for (List<ChunkPlace> some : Lists.partition(places, FILES_AT_ONCE)) {
        verifyFiles(some, mayBeGone);
      }
    }

    private void verifyFiles(List<ChunkPlace> places, Set<ChunkPlace> mayBeGone) {
      try {
        for (ChunkVersions versions : ChunkVersions.read(store, places).values()) {
          if (versions.isEmpty() && !mayBeGone.contains(versions.place())) {
            found.add(versions.place().historyKey() + " is missing");
          }
          versions.siblings().forEach(this::verifyFile);
        }
      } catch (CorruptException e) {
        if (places.size() == 1) {
          found.add(String.valueOf(e.getMessage()));
        } else {
          // One of them, or more: which is told where each is read for itself.
          places.forEach(place -> verifyFiles(List.of(place), mayBeGone));
        }
      }
    }

    private void verifyFile(ChunkFile file) {
      values.incrementAndGet();
      String key = file.place().historyKey();
      try {
        file.names();
        file.forEach(
            (s, points) -> {
              if (!listed.contains(s) && !deleted.untilMs().containsKey(s)) {
                found.add(
                    s.kind().label()
                        + ":"
                        + s.key()
                        + " has values in "
                        + key
                        + ", but is in no key list");
              }
            });
      } catch (CorruptException e) {
        found.add(key + ": " + e.getMessage());
      }
    }

    /** Whether all that the blocks of an hour hold is in the key list, and can be read. */
    private void verifyKeys(long hour) {
      List<ShardPeriod> places = new ArrayList<>();
      for (long at = hour; at < hour + WholeHistory.HOUR_MS; at += periodMs) {
        places.add(new ShardPeriod(shard, at));
      }
      Map<String, HistoryStore.Versions> blocks =
          store.get(places.stream().map(Block::historyKey).toList());
      for (ShardPeriod place : places) {
        HistoryStore.Versions versions = blocks.get(Block.historyKey(place));
        for (byte[] value : versions == null ? List.<byte[]>of() : versions.values()) {
          values.incrementAndGet();
          verifyBlock(place, value);
        }
      }
    }

    private void verifyBlock(ShardPeriod place, byte[] value) {
      Set<Series> held;
      try {
        held = Block.parse(place, value).cells().keySet();
      } catch (CorruptException e) {
        found.add("history: " + Block.historyKey(place) + " can't be read: " + e.getMessage());
        return;
      }
      for (Series s : held) {
        if (!listed.contains(s) && !deleted.isDeleted(s, place.startMs())) {
          found.add(
              s.kind().label()
                  + ":"
                  + s.key()
                  + " has values in "
                  + Block.historyKey(place)
                  + ", but is not in the key list");
        }
      }
    }
  }

  /** What the periods of a series add up to. */
  private static final class Sums {
    private final Cell cell;
    private final Swing swing = new Swing();

    Sums(Series series) {
      this.cell = series.kind().newCell();
    }

    void add(Point point) {
      cell.merge(point.cell());
      swing.merge(point.swing());
    }

    void add(Sums other) {
      cell.merge(other.cell);
      swing.merge(other.swing);
    }

    boolean agreesWith(Point point) {
      return swing.periods() == point.swing().periods()
          && isNear(swing.moments().min(), point.swing().moments().min())
          && isNear(swing.moments().max(), point.swing().moments().max())
          && isNear(swing.moments().sum(), point.swing().moments().sum())
          && isNear(swing.moments().sumOfSquares(), point.swing().moments().sumOfSquares())
          && areNear(CellText.fields(cell), CellText.fields(point.cell()));
    }

    /** Equal but for the rounding of sums of doubles. */
    private static boolean areNear(Map<String, String> a, Map<String, String> b) {
      Map<String, String> rest = new LinkedHashMap<>(b);
      for (Map.Entry<String, String> field : a.entrySet()) {
        if (!isNear(field.getValue(), rest.remove(field.getKey()))) {
          return false;
        }
      }
      return rest.isEmpty();
    }

    private static boolean isNear(String a, @Nullable String b) {
      if (Objects.equals(a, b)) {
        return true;
      }
      return b != null
          && a.indexOf('.') > 0
          && b.indexOf('.') > 0
          && isNear(Double.parseDouble(a), Double.parseDouble(b));
    }

    private static boolean isNear(double a, double b) {
      return a == b || Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
    }
  }

  /** What is wrong, the first thousand of it. */
  public Set<String> faults() {
    return Set.copyOf(faults);
  }

  /** How many things are wrong. */
  public long faultsFound() {
    return faultsFound.get();
  }

  /** What was read, for people. */
  public String summary() {
    return points
        + " points of "
        + history.layout().shards()
        + " shards, "
        + values
        + " blocks and files";
  }

  /** Where the work stands, for people. */
  public String progress() {
    return TimeBar.progress("verified", fromMs, toMs, atMs)
        + ", shard "
        + atShard
        + ", "
        + points
        + " points, "
        + faultsFound
        + " faults";
  }
}
