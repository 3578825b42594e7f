package org.skymetrics.store.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.Envelope;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.SeriesTable;

/**
 * Some series of a shard over a span, in columns. The series lie in groups that are deflated each
 * for itself, and an index in front says with which series a group begins: who wants one series
 * inflates one group. Immutable, safe from any thread; the layout is in docs/storage.md.
 *
 * <pre>
 *  "SkyQ" | u8 version | place | names, deflated | index of the groups | groups, deflated | u32 CRC-32C
 * </pre>
 */
public final class ChunkFile {
  private static final String MAGIC = "SkyQ";
  private static final int VERSION = 1;
  private static final int GROUP_BYTES = 16 * 1024;
  private static final int MAX_GROUP_BYTES = 1 << 28;

  private final ChunkPlace place;
  private final long periodMs;
  private final byte[] bytes;
  private final int batches;
  private final Section names;
  private final List<Section> groups;
  private final AtomicReferenceArray<@Nullable SeriesTable> tables;
  private volatile @Nullable Names parsedNames;
  private volatile int @Nullable [] parsedActive;

  private ChunkFile(
      ChunkPlace place,
      long periodMs,
      byte[] bytes,
      int batches,
      Section names,
      List<Section> groups) {
    this.place = place;
    this.periodMs = periodMs;
    this.bytes = bytes;
    this.batches = batches;
    this.names = names;
    this.groups = List.copyOf(groups);
    this.tables = new AtomicReferenceArray<>(groups.size());
  }

  /** A deflated part of the file, and of a group its first series; null of the first group. */
  private record Section(int offset, int deflated, int length, @Nullable Series first) {}

  /** Takes the points of one series. */
  @FunctionalInterface
  public interface Visitor {
    void chunk(Series series, List<Point> points) throws CorruptException;
  }

  /** Writes a file, series by series. */
  public static final class Builder {
    private final ChunkPlace place;
    private final long periodMs;
    private final int batches;
    private final int @Nullable [] active;
    private final ByteWriter madeFrom = new ByteWriter(256);
    private final ByteWriter index = new ByteWriter(256);
    private final ByteWriter content = new ByteWriter(4096);
    private final ByteWriter chunk = new ByteWriter(1024);
    private SeriesTable.Builder group = new SeriesTable.Builder();
    private @Nullable Series groupFirst;
    private int groupBytes;
    private int groups;

    private Builder(ChunkPlace place, long periodMs, int batches, int @Nullable [] active) {
      this.place = place;
      this.periodMs = periodMs;
      this.batches = batches;
      this.active = active;
    }

    /** A file of periods, made from these batches. */
    public static Builder ofPeriods(ChunkPlace place, long periodMs, Names names) {
      Builder builder =
          new Builder(place, periodMs, names.size(), names.active(place.startMs(), periodMs));
      names.write(builder.madeFrom, place.startMs(), periodMs);
      return builder;
    }

    /** A file of a level over a day, made from this many batches. */
    public static Builder ofDay(ChunkPlace place, long periodMs, int batches) {
      return new Builder(place, periodMs, batches, null);
    }

    /** A file of a level over a month, made from so many batches in each day, by its start. */
    public static Builder ofMonth(ChunkPlace place, long periodMs, Map<Long, Integer> batches) {
      long[] ofDays = new long[days(place)];
      batches.forEach((day, n) -> ofDays[dayOf(place, day)] = n);
      int all = Math.toIntExact(Arrays.stream(ofDays).sum());
      Builder builder = new Builder(place, periodMs, all, null);
      Ints.write(builder.madeFrom, ofDays);
      return builder;
    }

    /**
     * Adds a series; series come in order, and points in the order of time, at least one; those of
     * periods where there are batches.
     *
     * @throws IllegalArgumentException where they do not
     */
    public Builder add(Series series, List<Point> points) {
      chunk.clear();
      new Columns(series.kind(), place, active).write(chunk, points);
      if (groupBytes > 0 && groupBytes + chunk.length() > GROUP_BYTES) {
        endGroup();
      }
      if (groupBytes == 0) {
        groupFirst = series;
      }
      group.add(series, chunk.array(), chunk.length());
      groupBytes += chunk.length() + series.key().length() / 2 + 1;
      return this;
    }

    private void endGroup() {
      Series first = groupFirst;
      if (groupBytes == 0 || first == null) {
        return;
      }
      ByteWriter table = new ByteWriter(groupBytes + 64);
      group.write(table);
      byte[] deflated = Deflated.deflate(table);
      index.varint(table.length()).varint(deflated.length);
      if (groups > 0) {
        index.varint(first.key().length()).raw(first.key().toBytes()).u8(first.kind().id());
      }
      content.raw(deflated);
      groups++;
      group = new SeriesTable.Builder();
      groupBytes = 0;
    }

    /** The file. */
    public ChunkFile build() {
      endGroup();
      ByteWriter out = new ByteWriter(content.length() + 256);
      out.ascii(MAGIC).u8(VERSION);
      out.u8(place.span().id()).varint(place.resolutionMs()).varint(periodMs).varint(place.shard());
      out.zigzag(place.startMs() / 1000).u8(place.log2Parts()).varint(place.part());
      byte[] deflated = madeFrom.length() == 0 ? new byte[0] : Deflated.deflate(madeFrom);
      out.varint(batches).varint(madeFrom.length()).varint(deflated.length).raw(deflated);
      out.varint(groups).raw(index.array(), 0, index.length());
      out.raw(content.array(), 0, content.length());
      Envelope.append(out);
      try {
        return parse(place, out.toBytes());
      } catch (CorruptException e) {
        throw new AssertionError("what was just written is good", e);
      }
    }
  }

  /**
   * Reads a file; the array is kept and not to be changed. Groups are read when they are asked for.
   *
   * @throws CorruptException where it is not one, or not of this place
   */
  public static ChunkFile parse(ChunkPlace place, byte[] bytes) throws CorruptException {
    ByteReader in = Envelope.open(bytes, MAGIC, VERSION, "chunk file");
    boolean isOfPlace = Span.byId(in.u8()) == place.span();
    isOfPlace &= in.varint() == place.resolutionMs();
    long periodMs = in.varint();
    isOfPlace &= in.varint() == place.shard();
    isOfPlace &= in.zigzag() == place.startMs() / 1000;
    isOfPlace &= in.u8() == place.log2Parts();
    isOfPlace &= in.varint() == place.part();
    if (in.failed() || !isOfPlace || periodMs <= 0 || place.resolutionMs() % periodMs != 0) {
      throw new CorruptException("the chunk file of " + place + " is of another place");
    }
    int batches = in.length(Integer.MAX_VALUE);
    int namesLength = in.length(MAX_GROUP_BYTES);
    int namesDeflated = in.length(in.remaining());
    Section names = new Section(in.position(), namesDeflated, namesLength, null);
    in.skip(namesDeflated);
    List<Section> groups = readIndex(in);
    if (groups == null) {
      throw new CorruptException("the index of " + place + " does not follow its layout");
    }
    return new ChunkFile(place, periodMs, bytes, batches, names, groups);
  }

  private static @Nullable List<Section> readIndex(ByteReader in) {
    int n = in.length(in.remaining() / 2);
    int[] lengths = new int[n];
    int[] deflated = new int[n];
    List<@Nullable Series> firsts = new ArrayList<>(n);
    long total = 0;
    for (int i = 0; i < n && !in.failed(); i++) {
      lengths[i] = in.length(MAX_GROUP_BYTES);
      deflated[i] = in.length(in.remaining());
      total += deflated[i];
      firsts.add(i == 0 ? null : readSeries(in));
    }
    if (in.failed() || total != in.remaining()) {
      return null;
    }
    List<Section> groups = new ArrayList<>(n);
    int offset = in.position();
    for (int i = 0; i < n; i++) {
      groups.add(new Section(offset, deflated[i], lengths[i], firsts.get(i)));
      offset += deflated[i];
    }
    return groups;
  }

  private static @Nullable Series readSeries(ByteReader in) {
    byte[] key = in.raw(in.length(Key.MAX_BYTES));
    Kind kind = Kind.byId(in.u8());
    if (kind == null || Key.fault(key, 0, key.length) != null) {
      in.fail();
      return null;
    }
    return new Series(Key.ofChecked(key, 0, key.length), kind);
  }

  public ChunkPlace place() {
    return place;
  }

  /** Length of the base period, ms. */
  public long periodMs() {
    return periodMs;
  }

  /** The stored form; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Of how many batches this was made. */
  public int batches() {
    return batches;
  }

  /** The batches that this was made from; none where this is of a level. */
  public Names names() throws CorruptException {
    Names known = parsedNames;
    if (known == null) {
      known =
          place.resolutionMs() == periodMs
              ? Names.read(inflate(names), place.startMs(), place.endMs(), periodMs, batches)
              : Names.none();
      parsedNames = known;
    }
    return known;
  }

  /** Of how many batches a month's file was made that lie in the day that begins then. */
  public int batchesOfDay(long dayStartMs) throws CorruptException {
    if (place.span() != Span.MONTH) {
      throw new IllegalStateException(place + " is not of a month");
    }
    ByteReader in = inflate(names);
    long[] counts = Ints.read(in, days(place));
    long count = counts[dayOf(place, dayStartMs)];
    if (in.failed() || in.remaining() != 0 || count < 0 || count > batches) {
      throw new CorruptException("the batches of " + place + " do not follow their layout");
    }
    return (int) count;
  }

  private static int days(ChunkPlace place) {
    return Math.toIntExact((place.endMs() - place.startMs()) / Span.DAY_MS);
  }

  private static int dayOf(ChunkPlace place, long dayStartMs) {
    return Math.toIntExact((dayStartMs - place.startMs()) / Span.DAY_MS);
  }

  /** The periods that have batches; null of a level. */
  private int @Nullable [] active() throws CorruptException {
    if (place.resolutionMs() != periodMs) {
      return null;
    }
    int[] known = parsedActive;
    if (known == null) {
      long periods = (place.endMs() - place.startMs()) / periodMs;
      known = Names.readActive(inflate(names), Math.toIntExact(periods));
      parsedActive = known;
    }
    return known;
  }

  /** The points of one series, none where this does not have it; not to be changed. */
  public List<Point> find(Series series) throws CorruptException {
    int group = 0;
    while (group + 1 < groups.size() && begins(groups.get(group + 1), series)) {
      group++;
    }
    if (groups.isEmpty()) {
      return List.of();
    }
    ByteReader payload = table(group).find(series);
    return payload == null ? List.of() : points(series, payload);
  }

  private static boolean begins(Section group, Series series) {
    return group.first() != null && group.first().compareTo(series) <= 0;
  }

  /** Visits all series in order, and checks the file on the way. */
  public void forEach(Visitor visitor) throws CorruptException {
    forEach(key -> true, visitor);
  }

  /** Visits the series whose keys are wanted, in order. */
  public void forEach(Predicate<Key> wanted, Visitor visitor) throws CorruptException {
    Series[] before = new Series[1];
    for (int group = 0; group < groups.size(); group++) {
      Section section = groups.get(group);
      boolean[] isFirst = {true};
      table(group)
          .forEach(
              (series, payload) -> {
                Series last = before[0];
                boolean isRight = last == null || last.compareTo(series) < 0;
                if (isFirst[0] && section.first() != null) {
                  isRight &= section.first().equals(series);
                }
                if (!isRight || !place.holds(series.key())) {
                  throw new CorruptException(place + " has a series where it does not belong");
                }
                isFirst[0] = false;
                before[0] = series;
                if (wanted.test(series.key())) {
                  visitor.chunk(series, points(series, payload));
                }
              });
    }
  }

  private List<Point> points(Series series, ByteReader payload) throws CorruptException {
    List<Point> points = new Columns(series.kind(), place, active()).read(payload);
    if (points == null) {
      throw new CorruptException("the chunk of " + series.key() + " does not follow its layout");
    }
    return points;
  }

  /** A group's table, inflated when first asked for. */
  private SeriesTable table(int group) throws CorruptException {
    SeriesTable table = tables.get(group);
    if (table == null) {
      ByteReader in = inflate(groups.get(group));
      table = SeriesTable.read(in);
      if (in.remaining() != 0) {
        throw new CorruptException("a group of " + place + " has bytes after its series");
      }
      tables.set(group, table);
    }
    return table;
  }

  private ByteReader inflate(Section section) throws CorruptException {
    byte[] content =
        Deflated.inflate(bytes, section.offset(), section.deflated(), section.length());
    return new ByteReader().reset(content, 0, section.length());
  }

  /** About how many bytes of memory this takes when all of it was asked for. */
  public long footprintBytes() {
    long total = bytes.length + 64L * batches;
    for (Section group : groups) {
      total += group.length() + 64;
    }
    return total;
  }
}
