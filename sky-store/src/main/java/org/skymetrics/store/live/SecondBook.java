package org.skymetrics.store.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.store.batch.Series;

/**
 * What some series have in each of the last seconds, as far as one server counted it: cells in
 * stored form, each with the version of the book in which it came or changed last, so that anyone
 * who knows a version can be told what came after. Bounded in seconds and in bytes; at the bound
 * the oldest seconds are forgotten, of all series.
 *
 * <p>One writer, which is the only reader too.
 */
public final class SecondBook implements SecondSource {
  /** How many seconds are kept. */
  public static final int KEPT_SECONDS = 600;

  /** What a cell costs besides its bytes, roughly. */
  private static final int ENTRY_BYTES = 120;

  private final long maxBytes;
  private final Map<Series, Long> keptFrom = new HashMap<>();
  private final NavigableMap<Long, Second> seconds = new TreeMap<>();
  private long bytes;
  private long to;
  private long oldest = Long.MIN_VALUE;

  private static final class Second {
    final Map<Series, Entry> entries = new HashMap<>();
    long version;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Entry(byte[] cell, long version) {
    long cost() {
      return (long) ENTRY_BYTES + cell.length;
    }
  }

  public SecondBook(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Keeps a series, which is known whole from this second on. One that is kept stays as it is. */
  public void keep(Series series, long from) {
    keptFrom.putIfAbsent(series, from);
  }

  /** Forgets a series. */
  public void drop(Series series) {
    if (keptFrom.remove(series) != null) {
      seconds.values().forEach(second -> remove(second, series));
      seconds.values().removeIf(second -> second.entries.isEmpty());
    }
  }

  private void remove(Second second, Series series) {
    Entry entry = second.entries.remove(series);
    if (entry != null) {
      bytes -= entry.cost();
    }
  }

  @Override
  public @Nullable Long keptFrom(Series series) {
    Long from = keptFrom.get(series);
    return from == null ? null : Long.valueOf(Math.max(from, oldest));
  }

  /** The first second that is not over. */
  public long to() {
    return to;
  }

  /**
   * What a series has in a second, in place of what it had; nothing where the second is not kept of
   * it.
   */
  public void put(long second, Series series, byte[] cell, long version) {
    Long from = keptFrom(series);
    if (from == null || second < from) {
      return;
    }
    Second entries = seconds.computeIfAbsent(second, s -> new Second());
    remove(entries, series);
    Entry entry = new Entry(cell, version);
    bytes += entry.cost();
    entries.entries.put(series, entry);
    entries.version = Math.max(entries.version, version);
  }

  /** {@link #put} of what it had and this. */
  public void merge(long second, Series series, Cell cell, long version) {
    byte[] before = item(second, series);
    Cell all = before == null ? null : Cell.load(series.kind(), new ByteReader(before));
    if (all == null) {
      all = cell;
    } else {
      all.merge(cell);
    }
    ByteWriter out = new ByteWriter(64);
    all.store(out);
    put(second, series, out.toBytes(), version);
  }

  /**
   * Seconds before {@code newTo} are over.
   *
   * @return how many were forgotten to keep within the bytes
   */
  public int advance(long newTo) {
    to = newTo;
    forgetBefore(newTo - KEPT_SECONDS);
    int forgotten = 0;
    while (bytes > maxBytes && seconds.size() > 1) {
      forgetBefore(seconds.firstKey() + 1);
      forgotten++;
    }
    return forgotten;
  }

  /** Forgets what is older. */
  public void forgetBefore(long second) {
    if (second <= oldest) {
      return;
    }
    oldest = second;
    NavigableMap<Long, Second> old = seconds.headMap(second, false);
    old.values().forEach(s -> s.entries.values().forEach(entry -> bytes -= entry.cost()));
    old.clear();
  }

  /** Forgets all seconds: the clock was set back. All series are kept from this second on. */
  public void restart(long newTo, long from) {
    seconds.clear();
    bytes = 0;
    to = newTo;
    oldest = from;
    keptFrom.replaceAll((series, before) -> from);
  }

  /** What it takes, roughly. */
  public long bytes() {
    return bytes;
  }

  @Override
  public List<Long> changed(long version) {
    List<Long> changed = new ArrayList<>();
    seconds
        .descendingMap()
        .forEach(
            (second, entries) -> {
              if (entries.version > version) {
                changed.add(second);
              }
            });
    return changed;
  }

  @Override
  public byte @Nullable [] item(long second, Series series, long version) {
    Second entries = seconds.get(second);
    Entry entry = entries == null ? null : entries.entries.get(series);
    return entry == null || entry.version() <= version ? null : entry.cell();
  }

  /** The cell that a series has in a second, in stored form; null where it has none. */
  public byte @Nullable [] item(long second, Series series) {
    return item(second, series, Long.MIN_VALUE);
  }
}
