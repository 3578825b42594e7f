package org.skymetrics.store.batch;

import java.util.Collection;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.Envelope;

/**
 * What one segment of one journal holds for one (shard, period): a named, immutable value. Putting
 * it anywhere twice is the same as once.
 *
 * <pre>
 *  0 "SkyB" | 4 u8 version | 5 u64 incarnation | 13 u64 segment | 21 u32 shard | 25 i64 period start, ms
 *    | 33 u32 period length, ms | 37 series table of cells | u32 CRC-32C
 * </pre>
 */
public final class Batch {
  private static final String MAGIC = "SkyB";
  private static final int VERSION = 1;

  private final BatchName name;
  private final ShardPeriod place;
  private final long periodMs;
  private final SeriesTable table;
  private final byte[] bytes;

  private Batch(BatchName name, ShardPeriod place, long periodMs, SeriesTable table, byte[] bytes) {
    this.name = name;
    this.place = place;
    this.periodMs = periodMs;
    this.table = table;
    this.bytes = bytes;
  }

  /** Takes one cell, which is the visitor's to keep. */
  @FunctionalInterface
  public interface Visitor {
    void cell(Series series, Cell cell);
  }

  /** The batch of these cells. */
  public static Batch of(
      BatchName name, ShardPeriod place, long periodMs, SortedMap<Series, ? extends Cell> cells) {
    Builder batch = new Builder(name, place, periodMs);
    cells.forEach(batch::add);
    return batch.build();
  }

  /** Makes a batch of cells that come in ascending order of series. */
  public static final class Builder {
    private final BatchName name;
    private final ShardPeriod place;
    private final long periodMs;
    private final SeriesTable.Builder table = new SeriesTable.Builder();
    private final ByteWriter payload = new ByteWriter(64);

    public Builder(BatchName name, ShardPeriod place, long periodMs) {
      this.name = name;
      this.place = place;
      this.periodMs = periodMs;
    }

    /**
     * Adds a cell.
     *
     * @throws IllegalArgumentException where its series does not come after the one before
     */
    public Builder add(Series series, Cell cell) {
      payload.clear();
      cell.store(payload);
      table.add(series, payload.array(), payload.length());
      return this;
    }

    public boolean isEmpty() {
      return table.entries() == 0;
    }

    public Batch build() {
      ByteWriter out = new ByteWriter(64 + table.length());
      out.ascii(MAGIC).u8(VERSION).u64(name.incarnation()).u64(name.segment());
      out.u32(place.shard()).u64(place.startMs()).u32((int) periodMs);
      table.write(out);
      Envelope.append(out);
      try {
        return parse(out.toBytes());
      } catch (CorruptException e) {
        throw new AssertionError("what was just written is good", e);
      }
    }
  }

  /**
   * Reads a batch; the array is kept and not to be changed.
   *
   * @throws CorruptException where the bytes are not a batch
   */
  public static Batch parse(byte[] bytes) throws CorruptException {
    ByteReader in = Envelope.open(bytes, MAGIC, VERSION, "batch");
    BatchName name = new BatchName(in.u64(), in.u64());
    ShardPeriod place = new ShardPeriod(in.u32(), in.u64());
    long periodMs = in.u32();
    if (in.failed() || place.shard() < 0 || periodMs <= 0) {
      throw new CorruptException("a batch has no good header");
    }
    SeriesTable table = SeriesTable.read(in);
    if (in.remaining() != 0) {
      throw new CorruptException("a batch has bytes after its series table");
    }
    return new Batch(name, place, periodMs, table, bytes);
  }

  public BatchName name() {
    return name;
  }

  public ShardPeriod place() {
    return place;
  }

  /** Length of the period, ms. */
  public long periodMs() {
    return periodMs;
  }

  /** Number of series. */
  public int size() {
    return table.size();
  }

  /** The stored form; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** The cell of one series, or null. */
  public @Nullable Cell find(Series series) throws CorruptException {
    ByteReader payload = table.find(series);
    return payload == null ? null : cell(series, payload);
  }

  /**
   * Visits the cells of those of these series that it has.
   *
   * @param wanted in ascending order
   */
  public void find(Iterable<Series> wanted, Visitor visitor) throws CorruptException {
    table.find(wanted, (series, payload) -> visitor.cell(series, cell(series, payload)));
  }

  /** Visits all cells, in order of series. */
  public void forEach(Visitor visitor) throws CorruptException {
    table.forEach((series, payload) -> visitor.cell(series, cell(series, payload)));
  }

  /** A walk along all series, in order, without an object for each; payloads are cells. */
  public SeriesTable.Walk walk() throws CorruptException {
    return table.walk();
  }

  /** Checks all that {@link #forEach} would give. */
  public void check() throws CorruptException {
    SeriesTable.Walk walk = walk();
    while (walk.next()) {
      if (Cell.load(walk.kind(), walk.payload()) == null) {
        throw noCell(walk.series());
      }
    }
  }

  /**
   * The same batch with just these series; null where it has none of them. What a reader of some
   * series is sent.
   *
   * @param wanted in ascending order
   */
  public @Nullable Batch only(Collection<Series> wanted) throws CorruptException {
    Builder cut = new Builder(name, place, periodMs);
    find(wanted, cut::add);
    return cut.isEmpty() ? null : cut.build();
  }

  private static Cell cell(Series series, ByteReader payload) throws CorruptException {
    Cell cell = Cell.load(series.kind(), payload);
    if (cell == null) {
      throw noCell(series);
    }
    return cell;
  }

  private static CorruptException noCell(Series series) {
    return new CorruptException("the cell of " + series.key() + " does not follow its layout");
  }

  @Override
  public String toString() {
    return "batch " + name + " of shard " + place.shard() + " at " + place.startMs();
  }
}
