package org.skymetrics.store.block;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Swing;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.Envelope;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.SeriesTable;
import org.skymetrics.store.batch.ShardPeriod;

/**
 * The cells of a shard over one window longer than a period, each with the swing of its periods; a
 * pure function of the blocks of the window, and it says which batches it was made from. Immutable;
 * the layout is in docs/storage.md.
 */
public final class Level {
  /** The first level above the periods: 5 minutes, in ms. */
  public static final long FIVE_MINUTES_MS = 300_000;

  private static final String MAGIC = "SkyL";
  private static final int VERSION = 1;
  private static final int MIN_SOURCE_BYTES = 17;

  /** A window: a shard, its start and its length, ms. */
  public record Window(int shard, long startMs, long lengthMs) {
    /** The key in history of the level of this window. */
    public String historyKey() {
      return "level/" + lengthMs / 1000 + "/" + shard + "/" + startMs / 1000;
    }
  }

  /** A batch that a level was made from, and the start of its period, ms. */
  public record Source(long periodStartMs, BatchName name) implements Comparable<Source> {
    @Override
    public int compareTo(Source other) {
      int order = Long.compare(periodStartMs, other.periodStartMs);
      return order != 0 ? order : name.compareTo(other.name);
    }
  }

  /** The cell of one series over the window, and how it moved over the periods. */
  public record Point(Swing swing, Cell cell) {}

  private final Window window;
  private final long periodMs;
  private final SortedSet<Source> sources;
  private final SeriesTable table;
  private final byte[] bytes;

  private Level(
      Window window, long periodMs, SortedSet<Source> sources, SeriesTable table, byte[] bytes) {
    this.window = window;
    this.periodMs = periodMs;
    this.sources = Collections.unmodifiableSortedSet(sources);
    this.table = table;
    this.bytes = bytes;
  }

  /**
   * The level of these blocks, which all lie in the window and are of one period length.
   *
   * @throws CorruptException where a block's content is bad
   * @throws IllegalArgumentException where a block does not lie in the window
   */
  public static Level of(Window window, long periodMs, Collection<Block> blocks)
      throws CorruptException {
    List<Block> inOrder = new ArrayList<>(blocks);
    inOrder.sort((a, b) -> a.place().compareTo(b.place()));
    TreeSet<Source> sources = new TreeSet<>();
    TreeMap<Series, Point> points = new TreeMap<>();
    for (Block block : inOrder) {
      requireInside(window, periodMs, block.place());
      for (BatchName name : block.names()) {
        sources.add(new Source(block.place().startMs(), name));
      }
      for (Map.Entry<Series, Cell> entry : block.cells().entrySet()) {
        Cell cell = entry.getValue();
        Point point =
            points.computeIfAbsent(entry.getKey(), s -> new Point(new Swing(), s.kind().newCell()));
        point.swing().add(cell);
        point.cell().merge(cell);
      }
    }
    return parse(window, write(window, periodMs, sources, points));
  }

  private static void requireInside(Window window, long periodMs, ShardPeriod place) {
    long offsetMs = place.startMs() - window.startMs();
    if (place.shard() != window.shard()
        || offsetMs < 0
        || offsetMs >= window.lengthMs()
        || offsetMs % periodMs != 0) {
      throw new IllegalArgumentException(place + " is not a period of " + window);
    }
  }

  private static byte[] write(
      Window window, long periodMs, SortedSet<Source> sources, SortedMap<Series, Point> points) {
    ByteWriter out = new ByteWriter(4096);
    out.u32(window.shard()).u64(window.startMs()).u32((int) window.lengthMs()).u32((int) periodMs);
    out.varint(sources.size());
    for (Source source : sources) {
      out.varint((source.periodStartMs() - window.startMs()) / periodMs);
      out.u64(source.name().incarnation()).u64(source.name().segment());
    }
    SeriesTable.Builder table = new SeriesTable.Builder();
    ByteWriter payload = new ByteWriter(128);
    points.forEach(
        (series, point) -> {
          payload.clear();
          point.swing().write(payload);
          point.cell().store(payload);
          table.add(series, payload.array(), payload.length());
        });
    table.write(out);
    return Envelope.deflate(out, MAGIC, VERSION);
  }

  /**
   * Reads a stored level.
   *
   * @throws CorruptException where it is not one, or not of this window
   */
  public static Level parse(Window window, byte[] bytes) throws CorruptException {
    ByteReader in = Envelope.inflate(bytes, MAGIC, VERSION, "level");
    Window found = new Window(in.u32(), in.u64(), in.u32());
    long periodMs = in.u32();
    if (in.failed() || !found.equals(window) || periodMs <= 0) {
      throw new CorruptException("the level of " + window + " is of " + found);
    }
    SortedSet<Source> sources = readSources(window, periodMs, in);
    SeriesTable table = SeriesTable.read(in);
    if (in.remaining() != 0) {
      throw new CorruptException("a level has bytes after its series table");
    }
    return new Level(window, periodMs, sources, table, bytes);
  }

  private static SortedSet<Source> readSources(Window window, long periodMs, ByteReader in)
      throws CorruptException {
    int periods = (int) Math.min(Integer.MAX_VALUE, (window.lengthMs() + periodMs - 1) / periodMs);
    int n = in.length(in.remaining() / MIN_SOURCE_BYTES);
    TreeSet<Source> sources = new TreeSet<>();
    for (int i = 0; i < n; i++) {
      long start = window.startMs() + in.length(periods - 1) * periodMs;
      Source source = new Source(start, new BatchName(in.u64(), in.u64()));
      if (in.failed() || (!sources.isEmpty() && sources.last().compareTo(source) >= 0)) {
        throw new CorruptException("the sources of a level do not follow their layout");
      }
      sources.add(source);
    }
    if (in.failed()) {
      throw new CorruptException("the sources of a level do not fit");
    }
    return sources;
  }

  public Window window() {
    return window;
  }

  /** Length of the base period that this was made from, ms. */
  public long periodMs() {
    return periodMs;
  }

  /** The batches that this was made from. */
  public SortedSet<Source> sources() {
    return sources;
  }

  /** Whether this was made from all that {@code other} was made from, and perhaps more. */
  public boolean covers(Level other) {
    return sources.containsAll(other.sources);
  }

  /** The stored form; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Number of series. */
  public int size() {
    return table.size();
  }

  /** The point of one series, or null. */
  public @Nullable Point find(Series series) throws CorruptException {
    ByteReader payload = table.find(series);
    return payload == null ? null : point(series, payload);
  }

  /** All points, in order of series. */
  public SortedMap<Series, Point> points() throws CorruptException {
    TreeMap<Series, Point> points = new TreeMap<>();
    table.forEach((series, payload) -> points.put(series, point(series, payload)));
    return points;
  }

  private static Point point(Series series, ByteReader payload) throws CorruptException {
    Swing swing = Swing.read(payload);
    Cell cell = Cell.load(series.kind(), payload);
    if (cell == null) {
      throw new CorruptException("the level of " + series.key() + " does not follow its layout");
    }
    return new Point(swing, cell);
  }
}
