package org.skymetrics.server.aggregate;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.server.live.WatchTable;
import org.skymetrics.server.live.WatchedCells;
import org.skymetrics.store.batch.Series;

/**
 * The series that a receiving thread knows, numbered densely from 0 as they are met, parents before
 * their children. It outlives segments, so a key that goes on is a new one only once.
 *
 * <p>With many keys what costs is each place in memory that is looked at. So there is no object for
 * each: keys stand one behind the other in pages, what is known of a series in arrays by its
 * number, and an open-addressing table holds numbers. And a client sends its keys in the same order
 * each time, so the series that came after this one last time is looked at before the table is:
 * mostly it is the one wanted, and lies in memory behind the one before.
 *
 * <p>One writer. What is below {@link #size()} never changes but for who comes next and who is
 * watched, so whoever was given {@link #names} by the writer may read those.
 */
final class SeriesIndex {
  /** In place of a number. */
  static final int NONE = -1;

  /** In a page: u8 kind | u16 length | key. */
  private static final int HEAD_BYTES = 3;

  private static final int PAGE_BITS = 16;
  private static final int PAGE_BYTES = 1 << PAGE_BITS;
  private static final int FIRST_SERIES = 128;

  private final KeyHash hash;
  private final WatchTable watched;

  /** Numbers plus 1; at most two thirds are used. */
  private int[] slots = new int[2 * FIRST_SERIES];

  private byte[][] pages = {};
  private int endInPage = PAGE_BYTES;

  // By number.
  private int[] places = new int[FIRST_SERIES];
  private int[] parents = new int[FIRST_SERIES];
  private int[] following = new int[FIRST_SERIES];
  private @Nullable Series[] names = new @Nullable Series[FIRST_SERIES];
  private @Nullable WatchedCells[] live = {};

  private int size;
  private int foundLast = NONE;

  /**
   * An index of nothing.
   *
   * @param watched whose series are to be found here as watched
   */
  SeriesIndex(KeyHash hash, WatchTable watched) {
    this.hash = hash;
    this.watched = watched;
  }

  int size() {
    return size;
  }

  /** The number of the series of a record, where records come one after the other; or NONE. */
  int next(byte[] key, int length, Kind kind) {
    int guess = foundLast == NONE ? NONE : following[foundLast];
    if (guess == NONE || !is(guess, key, length, kind.id())) {
      guess = find(key, length, kind);
      if (guess == NONE) {
        return NONE;
      }
      comesNext(guess);
    }
    foundLast = guess;
    return guess;
  }

  private void comesNext(int number) {
    if (foundLast != NONE) {
      following[foundLast] = number;
    }
  }

  /** The number of a series, or NONE. */
  int find(byte[] key, int length, Kind kind) {
    int mask = slots.length - 1;
    for (int i = (int) hash.of(key, length, kind.id()) & mask; ; i = (i + 1) & mask) {
      int number = slots[i] - 1;
      if (number == NONE || is(number, key, length, kind.id())) {
        return number;
      }
    }
  }

  private boolean is(int number, byte[] key, int length, int kindId) {
    int place = places[number];
    byte[] page = pages[place >>> PAGE_BITS];
    int i = place & (PAGE_BYTES - 1);
    int keyAt = i + HEAD_BYTES;
    return page[i] == kindId
        && lengthAt(page, i) == length
        && Arrays.equals(page, keyAt, keyAt + length, key, 0, length);
  }

  private static int lengthAt(byte[] page, int i) {
    return (page[i + 1] & 0xff) << Byte.SIZE | (page[i + 2] & 0xff);
  }

  /** Adds a series that is not there; its number. */
  int add(Series name, byte[] key, int parent) {
    int number = size;
    if (number == places.length) {
      grow();
    }
    int length = name.key().length();
    places[number] = write(key, length, name.kind().id());
    parents[number] = parent;
    following[number] = NONE;
    names[number] = name;
    place(slots, number, hash.of(key, length, name.kind().id()));
    size++;
    if (!watched.isEmpty()) {
      setLive(number, watched.of(name));
    }
    return number;
  }

  /** Says that a series that was just added is that of the record at hand. */
  void met(int number) {
    comesNext(number);
    foundLast = number;
  }

  private int write(byte[] key, int length, int kindId) {
    if (endInPage + HEAD_BYTES + length > PAGE_BYTES) {
      pages = Arrays.copyOf(pages, pages.length + 1);
      pages[pages.length - 1] = new byte[PAGE_BYTES];
      endInPage = 0;
    }
    byte[] page = pages[pages.length - 1];
    int i = endInPage;
    page[i] = (byte) kindId;
    page[i + 1] = (byte) (length >>> Byte.SIZE);
    page[i + 2] = (byte) length;
    System.arraycopy(key, 0, page, i + HEAD_BYTES, length);
    endInPage = i + HEAD_BYTES + length;
    return (pages.length - 1) << PAGE_BITS | i;
  }

  private void grow() {
    int wider = places.length + places.length / 2;
    places = Arrays.copyOf(places, wider);
    parents = Arrays.copyOf(parents, wider);
    following = Arrays.copyOf(following, wider);
    names = Arrays.copyOf(names, wider);
    if (3 * wider > 2 * slots.length) {
      int[] widerSlots = new int[2 * slots.length];
      byte[] key = new byte[Key.MAX_BYTES];
      for (int number = 0; number < size; number++) {
        place(widerSlots, number, hashOf(number, key));
      }
      slots = widerSlots;
    }
  }

  private long hashOf(int number, byte[] key) {
    int place = places[number];
    byte[] page = pages[place >>> PAGE_BITS];
    int i = place & (PAGE_BYTES - 1);
    int length = lengthAt(page, i);
    System.arraycopy(page, i + HEAD_BYTES, key, 0, length);
    return hash.of(key, length, page[i]);
  }

  private static void place(int[] slots, int number, long hash) {
    int mask = slots.length - 1;
    int i = (int) hash & mask;
    while (slots[i] != 0) {
      i = (i + 1) & mask;
    }
    slots[i] = number + 1;
  }

  /** The number of a series' parent, or NONE. */
  int parent(int number) {
    return parents[number];
  }

  Series name(int number) {
    return Objects.requireNonNull(names[number]);
  }

  /** The length of a series' key, bytes. */
  int keyLength(int number) {
    int place = places[number];
    return lengthAt(pages[place >>> PAGE_BITS], place & (PAGE_BYTES - 1));
  }

  /** The names by number: those of now stand in this array for good. */
  @Nullable Series[] names() {
    return names;
  }

  /** Whether any series is watched. */
  boolean isWatched() {
    return live.length > 0;
  }

  /** Where what is counted in a series goes besides; null where nobody watches it. */
  @Nullable WatchedCells live(int number) {
    return number < live.length ? live[number] : null;
  }

  /** Keeps the seconds of a series, where it is known, or with null keeps them no more. */
  void setLive(Series series, @Nullable WatchedCells cells) {
    byte[] key = series.key().toBytes();
    int number = find(key, key.length, series.kind());
    if (number != NONE) {
      setLive(number, cells);
    }
    if (watched.isEmpty()) {
      live = new @Nullable WatchedCells[0];
    }
  }

  private void setLive(int number, @Nullable WatchedCells cells) {
    if (number >= live.length && cells != null) {
      live = Arrays.copyOf(live, places.length);
    }
    if (number < live.length) {
      live[number] = cells;
    }
  }
}
