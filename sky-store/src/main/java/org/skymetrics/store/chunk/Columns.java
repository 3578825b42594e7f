package org.skymetrics.store.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.Swing;

/**
 * Turns the points of one series into columns and back. The columns are the fields of the stored
 * forms, so that what comes back stores as the same bytes. The layout is in docs/storage.md.
 */
final class Columns {
  /** In the flags of a gauge. */
  private static final int FLAG_SEVERAL = 1;

  /** In the flags of a histogram. */
  private static final int FLAG_MOMENTS = 1;

  private static final int MOMENTS = 4;
  private static final int MAX_DISTINCT_BUCKETS = 1 << 15;
  private static final int MAX_BUCKETS = 1 << 26;

  private final Kind kind;
  private final long startMs;
  private final long resolutionMs;
  private final int steps;
  private final int @Nullable [] active;

  /**
   * Columns of the series of this kind in files of that place.
   *
   * @param active the periods that have batches, as numbers from the start; null of a level
   */
  Columns(Kind kind, ChunkPlace place, int @Nullable [] active) {
    this.kind = kind;
    this.startMs = place.startMs();
    this.resolutionMs = place.resolutionMs();
    this.steps = Math.toIntExact((place.endMs() - place.startMs()) / place.resolutionMs());
    this.active = active;
  }

  private int[] steps(List<Point> points) {
    int[] at = new int[points.size()];
    for (int i = 0; i < at.length; i++) {
      int step = Math.toIntExact((points.get(i).startMs() - startMs) / resolutionMs);
      at[i] = active == null ? step : Arrays.binarySearch(active, step);
      if (at[i] < 0) {
        throw new IllegalArgumentException("a point in a period that no batch is named of");
      }
    }
    return at;
  }

  void write(ByteWriter out, List<Point> points) {
    Steps.write(out, steps(points));
    if (active == null) {
      writeSwings(out, points);
    }
    List<ByteReader> stored = new ArrayList<>(points.size());
    for (Point point : points) {
      ByteWriter cell = new ByteWriter(64);
      point.cell().store(cell);
      stored.add(new ByteReader().reset(cell.array(), 0, cell.length()));
    }
    switch (kind) {
      case COUNTER -> writeCounters(out, stored);
      case GAUGE -> writeGauges(out, stored, points);
      case HISTOGRAM -> writeHistograms(out, stored);
      default -> writeOpaque(out, stored);
    }
  }

  /** Reads all that {@link #write} wrote; null where it does not follow its layout. */
  @Nullable List<Point> read(ByteReader in) {
    int[] at = Steps.read(in, active == null ? steps : active.length);
    if (at == null) {
      return null;
    }
    for (int i = 0; active != null && i < at.length; i++) {
      at[i] = active[at[i]];
    }
    List<Swing> swings = active == null ? readSwings(in, at.length) : List.of();
    List<ByteWriter> stored = new ArrayList<>(at.length);
    for (int i = 0; i < at.length; i++) {
      stored.add(new ByteWriter(16));
    }
    if (in.failed()) {
      return null;
    }
    switch (kind) {
      case COUNTER -> readCounters(in, stored);
      case GAUGE -> readGauges(in, stored, at);
      case HISTOGRAM -> readHistograms(in, stored);
      default -> readOpaque(in, stored);
    }
    if (in.failed() || in.remaining() != 0) {
      return null;
    }
    return points(at, swings, stored);
  }

  private @Nullable List<Point> points(int[] at, List<Swing> swings, List<ByteWriter> stored) {
    List<Point> points = new ArrayList<>(at.length);
    ByteReader in = new ByteReader();
    for (int i = 0; i < at.length; i++) {
      ByteWriter bytes = stored.get(i);
      Cell cell = Cell.load(kind, in.reset(bytes.array(), 0, bytes.length()));
      if (cell == null || in.remaining() != 0) {
        return null;
      }
      points.add(
          new Point(startMs + at[i] * resolutionMs, cell, active == null ? swings.get(i) : null));
    }
    return points;
  }

  private static void writeSwings(ByteWriter out, List<Point> points) {
    List<ByteReader> stored = new ArrayList<>(points.size());
    long[] periods = new long[points.size()];
    for (int i = 0; i < periods.length; i++) {
      Swing swing = new Swing();
      points.get(i).addTo(swing);
      ByteWriter bytes = new ByteWriter(40);
      swing.write(bytes);
      ByteReader in = new ByteReader().reset(bytes.array(), 0, bytes.length());
      periods[i] = in.varint();
      stored.add(in);
    }
    Ints.write(out, periods);
    writeMoments(out, stored);
  }

  private static List<Swing> readSwings(ByteReader in, int n) {
    long[] periods = Ints.read(in, n);
    double[][] moments = readMoments(in, n);
    List<Swing> swings = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      ByteWriter bytes = new ByteWriter(40).varint(periods[i]);
      putMoments(bytes, moments, i);
      ByteReader stored = new ByteReader().reset(bytes.array(), 0, bytes.length());
      swings.add(Swing.read(stored));
      if (stored.failed()) {
        in.fail();
      }
    }
    return swings;
  }

  private static void writeMoments(ByteWriter out, List<ByteReader> stored) {
    double[][] columns = new double[MOMENTS][stored.size()];
    for (int i = 0; i < stored.size(); i++) {
      for (double[] column : columns) {
        column[i] = stored.get(i).f64();
      }
    }
    for (double[] column : columns) {
      Doubles.write(out, column);
    }
  }

  private static double[][] readMoments(ByteReader in, int n) {
    double[][] columns = new double[MOMENTS][];
    for (int i = 0; i < MOMENTS; i++) {
      columns[i] = Doubles.read(in, n);
    }
    return columns;
  }

  private static void putMoments(ByteWriter out, double[][] columns, int i) {
    for (double[] column : columns) {
      out.f64(column[i]);
    }
  }

  private static void writeCounters(ByteWriter out, List<ByteReader> stored) {
    long[] sums = new long[stored.size()];
    double[] fractions = new double[stored.size()];
    boolean any = false;
    for (int i = 0; i < sums.length; i++) {
      ByteReader in = stored.get(i);
      sums[i] = in.zigzag();
      if (in.remaining() > 0) {
        fractions[i] = in.f64();
        any = true;
      }
    }
    Ints.write(out, sums);
    out.u8(any ? 1 : 0);
    if (any) {
      Doubles.write(out, fractions);
    }
  }

  private static void readCounters(ByteReader in, List<ByteWriter> stored) {
    int n = stored.size();
    long[] sums = Ints.read(in, n);
    double[] fractions = in.u8() == 0 ? new double[n] : Doubles.read(in, n);
    for (int i = 0; i < n; i++) {
      stored.get(i).zigzag(sums[i]);
      if (fractions[i] != 0) {
        stored.get(i).f64(fractions[i]);
      }
    }
  }

  private static void writeGauges(ByteWriter out, List<ByteReader> stored, List<Point> points) {
    int n = stored.size();
    long[] flags = new long[n];
    double[] lasts = new double[n];
    long[][] origins = new long[3][n];
    List<ByteReader> several = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      ByteReader in = stored.get(i);
      flags[i] = in.u8();
      lasts[i] = in.f64();
      for (long[] origin : origins) {
        origin[i] = in.u64();
      }
      origins[0][i] -= points.get(i).startMs();
      if ((flags[i] & FLAG_SEVERAL) != 0) {
        several.add(in);
      }
    }
    Ints.write(out, flags);
    Doubles.write(out, lasts);
    for (long[] origin : origins) {
      Ints.write(out, origin);
    }
    Ints.write(out, several.stream().mapToLong(ByteReader::varint).toArray());
    writeMoments(out, several);
  }

  private void readGauges(ByteReader in, List<ByteWriter> stored, int[] at) {
    int n = stored.size();
    long[] flags = Ints.read(in, n);
    double[] lasts = Doubles.read(in, n);
    long[] times = Ints.read(in, n);
    long[] lanes = Ints.read(in, n);
    long[] sequences = Ints.read(in, n);
    int several = (int) Arrays.stream(flags).filter(f -> (f & FLAG_SEVERAL) != 0).count();
    long[] counts = Ints.read(in, several);
    double[][] moments = readMoments(in, several);
    int k = 0;
    for (int i = 0; i < n; i++) {
      ByteWriter out = stored.get(i).u8((int) flags[i]).f64(lasts[i]);
      out.u64(times[i] + startMs + at[i] * resolutionMs).u64(lanes[i]).u64(sequences[i]);
      if ((flags[i] & FLAG_SEVERAL) != 0) {
        putMoments(out.varint(counts[k]), moments, k);
        k++;
      }
    }
  }

  private static void writeHistograms(ByteWriter out, List<ByteReader> stored) {
    int n = stored.size();
    long[] flags = new long[n];
    long[] sizes = new long[n];
    List<ByteReader> withMoments = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      flags[i] = stored.get(i).u8();
      if (flags[i] != 0) {
        withMoments.add(stored.get(i));
      }
    }
    Ints.write(out, flags);
    writeMoments(out, withMoments);
    List<long[]> buckets = new ArrayList<>();
    TreeMap<Long, Long> places = new TreeMap<>();
    for (int i = 0; i < n; i++) {
      ByteReader in = stored.get(i);
      sizes[i] = in.varint();
      long bucket = 0;
      for (long k = 0; k < sizes[i]; k++) {
        bucket += in.zigzag();
        buckets.add(new long[] {bucket, in.varint()});
        places.put(bucket, 0L);
      }
    }
    writeBuckets(out, sizes, buckets, places);
  }

  private static void writeBuckets(
      ByteWriter out, long[] sizes, List<long[]> buckets, SortedMap<Long, Long> places) {
    long[] distinct = new long[places.size()];
    int place = 0;
    long before = 0;
    for (Map.Entry<Long, Long> entry : places.entrySet()) {
      distinct[place] = entry.getKey() - before;
      before = entry.getKey();
      entry.setValue((long) place++);
    }
    long[] gaps = new long[buckets.size()];
    long[] counts = new long[buckets.size()];
    int i = 0;
    for (long size : sizes) {
      long last = 0;
      for (long k = 0; k < size; k++, i++) {
        long here = places.getOrDefault(buckets.get(i)[0], 0L);
        gaps[i] = here - last;
        counts[i] = buckets.get(i)[1];
        last = here;
      }
    }
    Ints.write(out.varint(distinct.length), distinct);
    Ints.write(out, sizes);
    Ints.write(out, gaps);
    Ints.write(out, counts);
  }

  private static void readHistograms(ByteReader in, List<ByteWriter> stored) {
    int n = stored.size();
    long[] flags = Ints.read(in, n);
    double[][] moments = readMoments(in, (int) Arrays.stream(flags).filter(f -> f != 0).count());
    long[] distinct = Ints.read(in, in.length(MAX_DISTINCT_BUCKETS));
    for (int i = 1; i < distinct.length; i++) {
      distinct[i] += distinct[i - 1];
    }
    long[] sizes = Ints.read(in, n);
    int total = 0;
    for (long size : sizes) {
      if (size < 0 || size > distinct.length || total > MAX_BUCKETS) {
        in.fail();
        return;
      }
      total += (int) size;
    }
    long[] gaps = Ints.read(in, total);
    long[] counts = Ints.read(in, total);
    int k = 0;
    int b = 0;
    for (int i = 0; i < n; i++) {
      ByteWriter out = stored.get(i).u8(flags[i] == 0 ? 0 : FLAG_MOMENTS);
      if (flags[i] != 0) {
        putMoments(out, moments, k++);
      }
      out.varint(sizes[i]);
      long place = 0;
      long before = 0;
      for (long m = 0; m < sizes[i]; m++, b++) {
        place += gaps[b];
        if (place < 0 || place >= distinct.length) {
          in.fail();
          return;
        }
        long bucket = distinct[(int) place];
        out.zigzag(bucket - before).varint(counts[b]);
        before = bucket;
      }
    }
  }

  private static void writeOpaque(ByteWriter out, List<ByteReader> stored) {
    long[] lengths = stored.stream().mapToLong(ByteReader::remaining).toArray();
    Ints.write(out, lengths);
    for (ByteReader in : stored) {
      out.raw(in.raw(in.remaining()));
    }
  }

  private static void readOpaque(ByteReader in, List<ByteWriter> stored) {
    long[] lengths = Ints.read(in, stored.size());
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] < 0 || lengths[i] > in.remaining()) {
        in.fail();
        return;
      }
      stored.get(i).raw(in.raw((int) lengths[i]));
    }
  }
}
