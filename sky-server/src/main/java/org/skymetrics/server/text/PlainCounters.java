package org.skymetrics.server.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.skymetrics.client.PlacedCounter;

/**
 * The counters that one thread knows from plain lines, found by the bytes of their names. With many
 * keys what costs is each place in memory that is looked at: here it is a slot of an
 * open-addressing table, and the entry that it leads to, which holds the name and, right behind it,
 * the total that the client reads. In longs:
 *
 * <pre>
 *  slot    upper 32 bits of the hash | 32 bits: where the entry is, plus 1; 0: free
 *  entry   upper 32 bits of the hash | 32 bits: bytes of the name
 *          the name, padded with zeros
 *          the total
 * </pre>
 *
 * <p>An entry whose counter was retired is not led to any more; its room is lost until all is
 * forgotten, which happens when there is no more room. Of two names with the same upper half of the
 * hash, some one in four billion, only one can be here.
 */
final class PlainCounters {
  static final int NONE = -1;

  private static final int PAGE_BITS = 13;
  private static final int PAGE_LONGS = 1 << PAGE_BITS;
  private static final long UPPER = 0xffff_ffff_0000_0000L;
  private static final int FIRST_SLOTS = 256;

  private final int maxPages;
  private long[] slots = new long[FIRST_SLOTS];
  private long[][] pages = {};
  private int endInPage = PAGE_LONGS;
  private int[] places = new int[FIRST_SLOTS / 2];
  private final List<PlacedCounter> counters = new ArrayList<>();

  /** An entry that was made and has no counter yet: where its total is. */
  private int freshPlace;

  private int freshTotal;

  /**
   * No counters.
   *
   * @param maxLongs that the entries may take together
   */
  PlainCounters(int maxLongs) {
    maxPages = Math.max(1, maxLongs >>> PAGE_BITS);
  }

  int size() {
    return counters.size();
  }

  /** What stands where a name of this hash is looked for first. */
  long slot(long hash) {
    return slots[(int) hash & (slots.length - 1)];
  }

  /**
   * Where the entry of a name is, to go by its hash, or NONE.
   *
   * @param first what {@link #slot} said
   */
  int place(long first, long hash) {
    if (first == 0) {
      return NONE;
    }
    if (((first ^ hash) & UPPER) == 0) {
      return (int) first - 1;
    }
    int mask = slots.length - 1;
    for (int i = (int) hash + 1 & mask; ; i = (i + 1) & mask) {
      long slot = slots[i];
      if (slot == 0) {
        return NONE;
      }
      if (((slot ^ hash) & UPPER) == 0) {
        return (int) slot - 1;
      }
    }
  }

  /** The first long of an entry. */
  long head(int place) {
    return pages[place >>> PAGE_BITS][place & (PAGE_LONGS - 1)];
  }

  /**
   * Counts in the entry at a place, where it is that of the name that stands in these bytes; the
   * array goes on for seven bytes after it.
   */
  boolean add(int place, long head, byte[] bytes, int from, int to, long hash, long n) {
    int length = to - from;
    if (head != head(hash, length)) {
      return false;
    }
    long[] page = pages[place >>> PAGE_BITS];
    int at = (place & (PAGE_LONGS - 1)) + 1;
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      if (page[at++] != (long) Words.LITTLE_ENDIAN.get(bytes, i)) {
        return false;
      }
    }
    if (i < to && page[at++] != last(bytes, i, to)) {
      return false;
    }
    PlacedCounter.add(page, at, n);
    return true;
  }

  private static long head(long hash, int length) {
    return (hash & UPPER) | length;
  }

  /** The last bytes of a name, fewer than eight, padded with zeros. */
  private static long last(byte[] bytes, int from, int to) {
    int padding = Long.BYTES - (to - from);
    return (long) Words.LITTLE_ENDIAN.get(bytes, from) & (-1L >>> (padding * Byte.SIZE));
  }

  /**
   * Makes the room of an entry. Its counter is to be made next, with the total at {@link
   * #freshTotal} of {@link #freshPage}, and then {@link #put}, or nothing has happened. False where
   * there is no more room.
   */
  boolean prepare(int length) {
    int longs = 2 + (length + Long.BYTES - 1) / Long.BYTES;
    if (endInPage + longs > PAGE_LONGS) {
      if (pages.length == maxPages) {
        return false;
      }
      pages = Arrays.copyOf(pages, pages.length + 1);
      pages[pages.length - 1] = new long[PAGE_LONGS];
      endInPage = 0;
    }
    freshPlace = (pages.length - 1) << PAGE_BITS | endInPage;
    freshTotal = endInPage + longs - 1;
    return true;
  }

  long[] freshPage() {
    return pages[freshPlace >>> PAGE_BITS];
  }

  int freshTotal() {
    return freshTotal;
  }

  /** Adds the name in these bytes, for which room was made, in place of one that has ended. */
  void put(byte[] name, long hash, PlacedCounter counter) {
    long[] page = freshPage();
    int at = freshPlace & (PAGE_LONGS - 1);
    page[at++] = head(hash, name.length);
    byte[] padded = Arrays.copyOf(name, name.length + Long.BYTES);
    for (int i = 0; i < name.length; i += Long.BYTES) {
      page[at++] = (long) Words.LITTLE_ENDIAN.get(padded, i);
    }
    endInPage = freshTotal + 1;
    if (counters.size() == places.length) {
      places = Arrays.copyOf(places, 2 * places.length);
      if (2 * places.length > slots.length) {
        rebuildSlots(2 * slots.length);
      }
    }
    places[counters.size()] = freshPlace;
    counters.add(counter);
    insert(slots, hash, freshPlace);
  }

  private static void insert(long[] slots, long hash, int place) {
    int mask = slots.length - 1;
    int i = (int) hash & mask;
    while (slots[i] != 0) {
      i = (i + 1) & mask;
    }
    slots[i] = (hash & UPPER) | (place + 1);
  }

  private void rebuildSlots(int length) {
    long[] wider = new long[length];
    for (int i = 0; i < counters.size(); i++) {
      insert(wider, hash(places[i]), places[i]);
    }
    slots = wider;
  }

  private long hash(int place) {
    long[] page = pages[place >>> PAGE_BITS];
    int at = place & (PAGE_LONGS - 1);
    byte[] name = new byte[(int) page[at]];
    byte[] padded = new byte[name.length + Long.BYTES];
    for (int i = 0; i < name.length; i += Long.BYTES) {
      Words.LITTLE_ENDIAN.set(padded, i, page[++at]);
    }
    return NameHash.of(padded, 0, name.length);
  }

  /** Leaves out those that were retired. */
  void dropRetired() {
    int kept = 0;
    for (int i = 0; i < counters.size(); i++) {
      int place = places[i];
      PlacedCounter counter = counters.get(i);
      if (!counter.hasEnded()) {
        places[kept] = place;
        counters.set(kept, counter);
        kept++;
      }
    }
    if (kept < counters.size()) {
      counters.subList(kept, counters.size()).clear();
      rebuildSlots(slots.length);
    }
  }

  /** Forgets all. */
  void clear() {
    slots = new long[FIRST_SLOTS];
    pages = new long[0][];
    endInPage = PAGE_LONGS;
    places = new int[FIRST_SLOTS / 2];
    counters.clear();
  }
}
