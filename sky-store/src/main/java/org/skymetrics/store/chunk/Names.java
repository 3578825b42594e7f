package org.skymetrics.store.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.BatchName;

/** The batches that something was made from, by the start of their period. Immutable. */
public final class Names {
  private static final Names NONE = new Names(new TreeMap<>());
  private static final int MAX_NAMES = 1 << 24;

  private final NavigableMap<Long, SortedSet<BatchName>> byPeriod;
  private final int size;

  private Names(NavigableMap<Long, SortedSet<BatchName>> byPeriod) {
    this.byPeriod = byPeriod;
    this.size = byPeriod.values().stream().mapToInt(Set::size).sum();
  }

  public static Names none() {
    return NONE;
  }

  /** Gathers names. */
  public static final class Builder {
    private final TreeMap<Long, SortedSet<BatchName>> byPeriod = new TreeMap<>();

    public Builder add(long periodStartMs, Iterable<BatchName> names) {
      for (BatchName name : names) {
        byPeriod.computeIfAbsent(periodStartMs, p -> new TreeSet<>()).add(name);
      }
      return this;
    }

    public Builder addAll(Names names) {
      names.byPeriod.forEach(this::add);
      return this;
    }

    public Names build() {
      TreeMap<Long, SortedSet<BatchName>> copy = new TreeMap<>();
      byPeriod.forEach(
          (p, names) -> copy.put(p, Collections.unmodifiableSortedSet(new TreeSet<>(names))));
      return new Names(copy);
    }
  }

  /** The names in one period. */
  public SortedSet<BatchName> at(long periodStartMs) {
    return byPeriod.getOrDefault(periodStartMs, Collections.emptySortedSet());
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** The periods that have names, in order. */
  public SortedSet<Long> periods() {
    return Collections.unmodifiableSortedSet(byPeriod.navigableKeySet());
  }

  /** The names of the periods from {@code fromMs} (included) to {@code toMs} (not). */
  public Names between(long fromMs, long toMs) {
    return new Names(new TreeMap<>(byPeriod.subMap(fromMs, toMs)));
  }

  /** These and those. */
  public Names with(Names more) {
    return new Builder().addAll(this).addAll(more).build();
  }

  /** Whether all of {@code other} are among these. */
  public boolean covers(Names other) {
    for (Map.Entry<Long, SortedSet<BatchName>> entry : other.byPeriod.entrySet()) {
      if (!at(entry.getKey()).containsAll(entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  void write(ByteWriter out, long startMs, long periodMs) {
    SortedMap<Long, List<long[]>> byIncarnation = new TreeMap<>(Long::compareUnsigned);
    byPeriod.forEach(
        (period, names) -> {
          for (BatchName name : names) {
            byIncarnation
                .computeIfAbsent(name.incarnation(), i -> new ArrayList<>())
                .add(new long[] {(period - startMs) / periodMs, name.segment()});
          }
        });
    out.varint(byIncarnation.size());
    if (byIncarnation.isEmpty()) {
      return;
    }
    int[] active = active(startMs, periodMs);
    Steps.write(out, active);
    byIncarnation.forEach(
        (incarnation, entries) -> {
          long[] periods = new long[entries.size()];
          long[] segments = new long[entries.size()];
          long period = 0;
          long segment = 0;
          for (int i = 0; i < periods.length; i++) {
            long[] entry = entries.get(i);
            int place = Arrays.binarySearch(active, (int) entry[0]);
            periods[i] = place - period;
            segments[i] = entry[1] - segment - (i == 0 ? 0 : entry[0] - active[(int) period]);
            period = place;
            segment = entry[1];
          }
          Ints.write(out.u64(incarnation).varint(periods.length), periods);
          Ints.write(out, segments);
        });
  }

  /** Which periods of a span have names, as numbers from its start. */
  int[] active(long startMs, long periodMs) {
    return byPeriod.keySet().stream()
        .mapToInt(period -> Math.toIntExact((period - startMs) / periodMs))
        .toArray();
  }

  /** Which periods have names, as {@link #write} wrote it. */
  static int[] readActive(ByteReader in, int periods) throws CorruptException {
    int[] active = in.varint() == 0 ? new int[0] : Steps.read(in, periods);
    if (active == null || in.failed()) {
      throw new CorruptException("the names of a chunk file do not follow their layout");
    }
    return active;
  }

  /** Reads what {@link #write} wrote: so many names, each incarnation's in order. */
  static Names read(ByteReader in, long startMs, long endMs, long periodMs, int count)
      throws CorruptException {
    Builder names = new Builder();
    int incarnations = in.length(in.remaining() / 8);
    int[] active =
        incarnations == 0
            ? new int[0]
            : Steps.read(in, Math.toIntExact((endMs - startMs) / periodMs));
    int left = Math.min(count, MAX_NAMES);
    for (int i = 0; i < incarnations && active != null && !in.failed(); i++) {
      long incarnation = in.u64();
      int n = in.length(left);
      left -= n;
      long[] periods = Ints.read(in, n);
      long[] segments = Ints.read(in, n);
      long place = 0;
      long segment = 0;
      for (int k = 0; k < n; k++) {
        long before = place;
        long last = segment;
        place += periods[k];
        if (place < 0 || place >= active.length) {
          throw new CorruptException("a chunk file names a batch of another time");
        }
        segment += segments[k] + (k == 0 ? 0 : active[(int) place] - active[(int) before]);
        boolean isLater = place > before || Long.compareUnsigned(segment, last) > 0;
        if (k > 0 && (place < before || !isLater)) {
          throw new CorruptException("a chunk file names its batches out of order");
        }
        names.add(
            startMs + active[(int) place] * periodMs, List.of(new BatchName(incarnation, segment)));
      }
    }
    Names read = names.build();
    if (active == null || in.failed() || in.remaining() != 0 || read.size() != count) {
      throw new CorruptException("the names of a chunk file do not follow their layout");
    }
    return read;
  }
}
