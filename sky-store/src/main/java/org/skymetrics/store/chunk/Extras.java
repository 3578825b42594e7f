package org.skymetrics.store.chunk;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;

/**
 * Batches that chunk files may lack, by period and name, cut to the series that are wanted; and
 * their union with what chunk files have. Where the batches of blocks are all that a file's period
 * was made from, and perhaps more, they are merged in order of their names; else those that the
 * file lacks are merged into its cell. A batch that is still on its way counts only where history
 * does not have its name: it may have grown since it was told. Not safe for use by several threads.
 */
public final class Extras {
  private final TreeMap<Long, TreeMap<BatchName, Map<Series, Cell>>> periods = new TreeMap<>();
  private final Map<Long, Set<BatchName>> onTheWay = new HashMap<>();

  /** Where none of the parts of {@link #add(Batch, List, ToIntFunction)} takes a series. */
  public static final int NO_PART = -1;

  /**
   * Gives the cells of a batch to parts, which are united each by itself; all take its name.
   *
   * @param partOf which of the parts takes the cell of a series, or {@link #NO_PART}
   */
  public static void add(Batch batch, List<Extras> parts, ToIntFunction<Series> partOf)
      throws CorruptException {
    List<Map<Series, Cell>> cells = new ArrayList<>();
    parts.forEach(part -> cells.add(new HashMap<>()));
    batch.forEach(
        (series, cell) -> {
          int part = partOf.applyAsInt(series);
          if (part != NO_PART) {
            cells.get(part).put(series, cell);
          }
        });
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).put(batch, cells.get(i));
    }
  }

  /**
   * Takes the cells of these series of a batch, and in any case its name.
   *
   * @param wanted in ascending order
   */
  public void add(Batch batch, Iterable<Series> wanted) throws CorruptException {
    Map<Series, Cell> cells = new HashMap<>();
    batch.find(wanted, cells::put);
    put(batch, cells);
  }

  /**
   * Takes a batch that history need not have.
   *
   * @param cells those of its series that are wanted; kept, and not changed
   */
  public void addOnTheWay(Batch batch, Map<Series, Cell> cells) {
    long period = batch.place().startMs();
    if (periods.getOrDefault(period, new TreeMap<>()).containsKey(batch.name())
        && !onTheWay(period).contains(batch.name())) {
      return;
    }
    put(batch, cells);
    onTheWay.computeIfAbsent(period, p -> new HashSet<>()).add(batch.name());
  }

  private Set<BatchName> onTheWay(long period) {
    return onTheWay.getOrDefault(period, Set.of());
  }

  private void put(Batch batch, Map<Series, Cell> cells) {
    long period = batch.place().startMs();
    periods.computeIfAbsent(period, p -> new TreeMap<>()).put(batch.name(), cells);
    if (onTheWay(period).contains(batch.name())) {
      onTheWay.getOrDefault(period, new HashSet<>()).remove(batch.name());
    }
  }

  /** The names of all batches of blocks that were taken. */
  public Names names() {
    Names.Builder names = new Names.Builder();
    periods.forEach((period, batches) -> names.add(period, ofBlocks(period)));
    return names.build();
  }

  private Set<BatchName> ofBlocks(long period) {
    Set<BatchName> names =
        new HashSet<>(periods.getOrDefault(period, new TreeMap<>()).navigableKeySet());
    names.removeAll(onTheWay(period));
    return names;
  }

  /** All series that were taken, in the periods of this time. */
  public SortedSet<Series> series() {
    return new TreeSet<>(taken());
  }

  private Set<Series> taken() {
    Set<Series> all = new HashSet<>();
    periods.values().forEach(batches -> batches.values().forEach(c -> all.addAll(c.keySet())));
    return all;
  }

  /**
   * The starts of the periods from {@code fromMs} (included) to {@code toMs} (not) with batches.
   */
  public SortedSet<Long> periods(long fromMs, long toMs) {
    return Collections.unmodifiableSortedSet(
        periods.subMap(fromMs, true, toMs, false).navigableKeySet());
  }

  /**
   * A period that has batches.
   *
   * @param inFile of which batches the chunk file was made there
   * @param hasAll whether the batches of blocks are all of those, so that the file is not needed
   */
  private record Touched(
      long startMs,
      SortedMap<BatchName, Map<Series, Cell>> batches,
      SortedSet<BatchName> inFile,
      boolean hasAll) {

    /** The cell of a series, null where it has none; that of the file is not changed. */
    @Nullable Cell unite(Series series, @Nullable Point present) {
      Cell united = hasAll || present == null ? null : present.cell().copy();
      for (Map.Entry<BatchName, Map<Series, Cell>> batch : batches.entrySet()) {
        Cell cell = batch.getValue().get(series);
        if (cell != null && (hasAll || !inFile.contains(batch.getKey()))) {
          if (united == null) {
            united = series.kind().newCell();
          }
          united.merge(cell);
        }
      }
      return united;
    }
  }

  private List<Touched> touched(Names names, long fromMs, long toMs) {
    List<Touched> touched = new ArrayList<>();
    periods
        .subMap(fromMs, true, toMs, false)
        .forEach(
            (period, batches) -> {
              SortedSet<BatchName> inFile = names.at(period);
              boolean hasAll = ofBlocks(period).containsAll(inFile);
              touched.add(new Touched(period, batches, inFile, hasAll));
            });
    return touched;
  }

  /**
   * All series whose keys are wanted, with the points that they have in the file and in these
   * batches, in order.
   *
   * @param base null where no file has anything
   */
  public SortedMap<Series, List<Point>> unite(@Nullable PeriodSource base, Predicate<Key> wanted)
      throws CorruptException {
    NavigableMap<Series, List<Point>> inFile = new TreeMap<>();
    if (base != null) {
      base.forEach(wanted, inFile::put);
    }
    if (periods.isEmpty()) {
      return inFile;
    }
    Names names = base == null ? Names.none() : base.names();
    Set<Series> all = new TreeSet<>(inFile.navigableKeySet());
    taken().stream().filter(series -> wanted.test(series.key())).forEach(all::add);
    List<Touched> touched = touched(names, Long.MIN_VALUE, Long.MAX_VALUE);
    SortedMap<Series, List<Point>> united = new TreeMap<>();
    for (Series series : all) {
      List<Point> points = unite(series, inFile.getOrDefault(series, List.of()), touched);
      if (!points.isEmpty()) {
        united.put(series, points);
      }
    }
    return united;
  }

  /**
   * How these batches go with what a file has in the periods from {@code fromMs} (included) to
   * {@code toMs} (not).
   *
   * @param names of which batches the file was made
   */
  public Union over(Names names, long fromMs, long toMs) {
    return new Union(touched(names, fromMs, toMs));
  }

  /** What a file has, with batches that it may lack, for one series after the other. */
  public static final class Union {
    private final List<Touched> touched;

    private Union(List<Touched> touched) {
      this.touched = touched;
    }

    /** All points of one series, in order, given those of the file. */
    public List<Point> of(Series series, List<Point> inFile) {
      return touched.isEmpty() ? inFile : unite(series, inFile, touched);
    }
  }

  /** Both are in order of time. */
  private static List<Point> unite(Series series, List<Point> inFile, List<Touched> touched) {
    List<Point> points = new ArrayList<>(inFile.size() + touched.size());
    int next = 0;
    for (Touched period : touched) {
      while (next < inFile.size() && inFile.get(next).startMs() < period.startMs()) {
        points.add(inFile.get(next++));
      }
      boolean isThere = next < inFile.size() && inFile.get(next).startMs() == period.startMs();
      Point present = isThere ? inFile.get(next++) : null;
      Cell cell = period.unite(series, present);
      if (cell != null) {
        points.add(Point.ofPeriod(period.startMs(), cell));
      } else if (present != null) {
        points.add(present);
      }
    }
    points.addAll(inFile.subList(next, inFile.size()));
    return points;
  }
}
