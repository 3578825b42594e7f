package org.skymetrics.store.batch;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.CorruptException;

/**
 * A sorted table from (key, kind) to a payload, front-coded with a restart at each 16th entry; the
 * layout is in docs/storage.md. A view over bytes: one series is found by binary search, without
 * reading the others.
 *
 * <p>Entry: varint shared, varint suffix length, suffix, u8 kind, varint payload length, payload.
 */
public final class SeriesTable {
  private static final int RESTART = 16;
  private static final int MIN_ENTRY_BYTES = 4;

  /** To pass as many entries costs about as much as to find one. */
  private static final int MOST_PASSED = 2 * RESTART;

  private final byte[] bytes;
  private final int offset;
  private final int entries;
  private final int entriesLength;

  private SeriesTable(byte[] bytes, int offset, int entries, int entriesLength) {
    this.bytes = bytes;
    this.offset = offset;
    this.entries = entries;
    this.entriesLength = entriesLength;
  }

  /** Takes one entry; the payload is to be read before the visitor returns. */
  @FunctionalInterface
  public interface Visitor {
    void series(Series series, ByteReader payload) throws CorruptException;
  }

  /** Builds a table from entries in ascending order. */
  public static final class Builder {
    private final ByteWriter body = new ByteWriter(4096);
    private final ByteWriter restarts = new ByteWriter(64);
    private @Nullable Series before;
    private int entries;

    /**
     * Adds an entry.
     *
     * @throws IllegalArgumentException where it does not come after the one before
     */
    public Builder add(Series series, byte[] payload, int length) {
      Series last = before;
      if (last != null && last.compareTo(series) >= 0) {
        throw new IllegalArgumentException(series + " does not come after " + last);
      }
      Key key = series.key();
      int shared = 0;
      if (last == null || entries % RESTART == 0) {
        restarts.u32(body.length());
      } else {
        shared = last.key().sharedPrefix(key);
      }
      body.varint(shared).varint(key.length() - shared);
      int at = body.reserve(key.length() - shared);
      key.copyTo(shared, body.array(), at, key.length() - shared);
      body.u8(series.kind().id()).varint(length).raw(payload, 0, length);
      before = series;
      entries++;
      return this;
    }

    public int entries() {
      return entries;
    }

    /** How many bytes the table has. */
    int length() {
      return 8 + body.length() + restarts.length();
    }

    /** Writes the table. */
    public void write(ByteWriter out) {
      out.u32(entries).u32(body.length());
      out.raw(body.array(), 0, body.length()).raw(restarts.array(), 0, restarts.length());
    }
  }

  /**
   * The table at the reader's position, which moves past it.
   *
   * @throws CorruptException where its lengths do not fit
   */
  public static SeriesTable read(ByteReader in) throws CorruptException {
    int entries = in.u32();
    int length = in.u32();
    SeriesTable table = new SeriesTable(in.array(), in.position(), entries, length);
    if (entries < 0
        || entries > length / MIN_ENTRY_BYTES
        || !in.skip(length)
        || !in.skip(table.restarts() * 4)) {
      throw new CorruptException("a series table's lengths do not fit");
    }
    return table;
  }

  /** Number of entries. */
  public int size() {
    return entries;
  }

  /** The payload of one series, or null where the table does not have it. */
  public @Nullable ByteReader find(Series series) throws CorruptException {
    if (entries == 0) {
      return null;
    }
    Cursor cursor = new Cursor();
    int low = restartOf(series, 0, cursor);
    cursor.jump(low);
    int left = Math.min(RESTART, entries - low * RESTART);
    while (left-- > 0) {
      int order = cursor.nextAgainst(series);
      if (order == 0) {
        return cursor.payload();
      }
      if (order > 0) {
        return null;
      }
    }
    return null;
  }

  /** The last restart from one on whose entry does not come after a series. */
  private int restartOf(Series series, int from, Cursor cursor) throws CorruptException {
    int low = from;
    int high = restarts() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      cursor.jump(middle);
      if (cursor.nextAgainst(series) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /**
   * Visits those of these series that the table has, in one way along it: what lies between two of
   * them is passed entry by entry where it is little, else by binary search.
   *
   * @param wanted in ascending order
   */
  public void find(Iterable<Series> wanted, Visitor visitor) throws CorruptException {
    Cursor cursor = entries == 0 ? null : new Cursor();
    int at = -1;
    for (Series series : wanted) {
      if (cursor == null) {
        return;
      }
      int order = at < 0 ? -1 : cursor.compareSeries(series);
      for (int passed = at < 0 ? MOST_PASSED : 0; order < 0 && at + 1 < entries; passed++) {
        if (passed == MOST_PASSED) {
          int present = Math.max(0, at);
          int restart = restartOf(series, present / RESTART, cursor);
          at = restart * RESTART - 1;
        }
        at++;
        if (at % RESTART == 0) {
          cursor.jump(at / RESTART);
        }
        order = cursor.nextAgainst(series);
      }
      if (order == 0) {
        visitor.series(series, cursor.payload());
      }
    }
  }

  /**
   * Visits all entries in order, and checks the whole table on the way: what this accepts, {@link
   * #find} finds.
   */
  public void forEach(Visitor visitor) throws CorruptException {
    Walk walk = walk();
    while (walk.next()) {
      visitor.series(walk.series(), walk.payload());
    }
  }

  /** A walk along all entries, which stands before the first. */
  public Walk walk() throws CorruptException {
    return new Walk();
  }

  /**
   * Goes along all entries in order, and checks the whole table on the way, as {@link #forEach}
   * does, but makes no object for an entry.
   */
  public final class Walk {
    private final Cursor cursor;
    private final ByteReader payload = new ByteReader();
    private int visited;

    private Walk() throws CorruptException {
      if (entries == 0 && entriesLength != 0) {
        throw new CorruptException("a series table has bytes without entries");
      }
      this.cursor = new Cursor();
    }

    /** Goes on to the next entry; false where there is none. */
    public boolean next() throws CorruptException {
      if (visited == entries) {
        cursor.end();
        return false;
      }
      if (visited % RESTART == 0) {
        cursor.restart(visited / RESTART);
      }
      cursor.nextInOrder();
      visited++;
      return true;
    }

    /** The series of the entry that it stands at. */
    public Series series() {
      return new Series(Key.ofChecked(cursor.key, 0, cursor.keyLength), cursor.kind);
    }

    /** The kind of the series. */
    public Kind kind() {
      return cursor.kind;
    }

    /** The payload of the entry, to be read before the walk goes on. */
    public ByteReader payload() {
      return payload.reset(bytes, cursor.payloadAt, cursor.payloadLength);
    }

    /** How the series that it stands at compares with that at which another walk stands. */
    public int compareSeries(Walk other) {
      return cursor.compareSeries(other.cursor);
    }

    /**
     * Goes on to a series, or to the first after it, unless it stands there or behind it already;
     * whether it stands at the series then.
     */
    public boolean seek(Series wanted) throws CorruptException {
      int order = visited == 0 ? -1 : cursor.compareSeries(wanted);
      while (order < 0 && next()) {
        order = cursor.compareSeries(wanted);
      }
      return order == 0;
    }

    /** {@link #seek(Series)} for that at which another walk stands. */
    public boolean seek(Walk wanted) throws CorruptException {
      int order = visited == 0 ? -1 : cursor.compareSeries(wanted.cursor);
      while (order < 0 && next()) {
        order = cursor.compareSeries(wanted.cursor);
      }
      return order == 0;
    }
  }

  private int restarts() {
    return (int) (((long) entries + RESTART - 1) / RESTART);
  }

  /** Walks the entries from a restart on. */
  private final class Cursor {
    private final ByteReader in = new ByteReader();
    private final byte[] key = new byte[Key.MAX_BYTES];
    private int keyLength;

    /** How many bytes the next entry may have in common: none, where it is that of a restart. */
    private int mayShare;

    private Kind kind = Kind.COUNTER;
    private int payloadAt;
    private int payloadLength;

    Cursor() {
      in.reset(bytes, offset, entriesLength);
    }

    /** Goes to the entry of a restart. */
    void jump(int restart) throws CorruptException {
      int at = restartAt(restart);
      if (at < 0 || at >= entriesLength) {
        throw new CorruptException("a restart of a series table lies outside it");
      }
      in.reset(bytes, offset + at, entriesLength - at);
      mayShare = 0;
    }

    private int restartAt(int restart) {
      return new ByteReader().reset(bytes, offset + entriesLength + restart * 4, 4).u32();
    }

    /** The next entry is that of a restart: it shares nothing with the one before. */
    void restart(int restart) throws CorruptException {
      if (in.position() - offset != restartAt(restart)) {
        throw new CorruptException("a restart of a series table is not where its entry is");
      }
      mayShare = 0;
    }

    /** There is no further entry. */
    void end() throws CorruptException {
      if (in.remaining() != 0) {
        throw new CorruptException("a series table has bytes after its entries");
      }
    }

    /** Goes on by an entry, whose series must be a good one and come after the one before. */
    void nextInOrder() throws CorruptException {
      boolean isFirst = in.position() == offset;
      if (next() <= 0 && !isFirst) {
        throw new CorruptException("a series table is not in order");
      }
      if (Key.fault(key, 0, keyLength) != null) {
        throw noEntry();
      }
    }

    /** Goes on by an entry, and compares its series with another. */
    int nextAgainst(Series other) throws CorruptException {
      next();
      return compareSeries(other);
    }

    int compareSeries(Series other) {
      int order = -other.key().compareTo(key, keyLength);
      return order != 0 ? order : kind.compareTo(other.kind());
    }

    int compareSeries(Cursor other) {
      int order = Arrays.compareUnsigned(key, 0, keyLength, other.key, 0, other.keyLength);
      return order != 0 ? order : kind.compareTo(other.kind);
    }

    /** Goes on by an entry; how its series compares with the one before. */
    private int next() throws CorruptException {
      int shared = in.length(mayShare);
      int suffix = in.length(Key.MAX_BYTES - shared);
      int from = in.position();
      Kind before = kind;
      in.skip(suffix);
      Kind read = Kind.byId(in.u8());
      payloadLength = in.length(Integer.MAX_VALUE);
      payloadAt = in.position();
      in.skip(payloadLength);
      if (in.failed() || read == null) {
        throw noEntry();
      }
      int order = Arrays.compareUnsigned(bytes, from, from + suffix, key, shared, keyLength);
      System.arraycopy(bytes, from, key, shared, suffix);
      keyLength = shared + suffix;
      mayShare = keyLength;
      kind = read;
      return order != 0 ? order : read.compareTo(before);
    }

    private static CorruptException noEntry() {
      return new CorruptException("an entry of a series table does not follow its layout");
    }

    ByteReader payload() {
      return new ByteReader().reset(bytes, payloadAt, payloadLength);
    }
  }
}
