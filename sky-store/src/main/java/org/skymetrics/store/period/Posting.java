package org.skymetrics.store.period;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;

/**
 * All that putting a batch changes in a period store, read and checked before the first write: the
 * same for every store.
 */
public final class Posting {
  /** Length of {@link Gauge#rank}. */
  public static final int RANK_BYTES = GaugeRank.BYTES;

  private static final long SEEN_STEP_S = 600;

  private final Batch batch;
  private final long seenSeconds;
  private final List<Increment> increments = new ArrayList<>();
  private final List<Gauge> gauges = new ArrayList<>();
  private final List<Series> series = new ArrayList<>();

  private Posting(Batch batch, Layout layout) {
    this.batch = batch;
    long into = batch.place().shard() * SEEN_STEP_S / layout.shards();
    this.seenSeconds = Math.floorDiv(periodSeconds() - into, SEEN_STEP_S) * SEEN_STEP_S + into;
  }

  /** What a counter's running sum grows by. */
  public record Increment(Key key, long by) {}

  /** A gauge's cell in stored form; of two of a key the one with the greater rank is kept. */
  public static final class Gauge {
    private final Key key;
    private final byte[] rank;
    private final byte[] cell;

    private Gauge(Key key, byte[] cell) {
      this.key = key;
      this.rank = GaugeRank.of(cell);
      this.cell = cell;
    }

    public Key key() {
      return key;
    }

    /** {@value #RANK_BYTES} bytes that compare unsigned; not to be changed. */
    public byte[] rank() {
      return rank;
    }

    /** The stored form; not to be changed. */
    public byte[] cell() {
      return cell;
    }
  }

  /**
   * The posting of a batch to a store of this layout.
   *
   * @throws IllegalArgumentException where the batch does not belong there or can't be read
   */
  public static Posting of(Batch batch, Layout layout) {
    if (batch.periodMs() != layout.period().lengthMs()
        || batch.place().shard() >= layout.shards()
        || batch.place().startMs() % 1000 != 0) {
      throw new IllegalArgumentException(
          batch + ", " + batch.periodMs() + " ms long, does not fit a store of " + layout);
    }
    Posting posting = new Posting(batch, layout);
    ByteWriter stored = new ByteWriter(128);
    try {
      batch.forEach((series, cell) -> posting.add(series, cell, stored));
    } catch (CorruptException e) {
      throw new IllegalArgumentException(batch + " can't be put: " + e.getMessage(), e);
    }
    return posting;
  }

  private void add(Series one, Cell cell, ByteWriter stored) {
    series.add(one);
    if (cell instanceof CounterCell counter) {
      increments.add(new Increment(one.key(), counter.sum()));
    } else if (one.kind() == Kind.GAUGE) {
      stored.clear();
      cell.store(stored);
      gauges.add(new Gauge(one.key(), stored.toBytes()));
    }
  }

  public Batch batch() {
    return batch;
  }

  /** Start of the period, s since 1970. */
  public long periodSeconds() {
    return batch.place().startMs() / 1000;
  }

  /**
   * When its series were seen, s since 1970: the start of the period's ten minutes. So the time of
   * a series that counts all the time is written once in ten minutes, not in each period. Those of
   * shards begin one after the other, so that not all are written in one period.
   */
  public long seenSeconds() {
    return seenSeconds;
  }

  /**
   * Series that were seen before are forgotten, s since 1970.
   *
   * @param retention how long they are kept at least
   */
  public long forgetBeforeSeconds(Duration retention) {
    return seenSeconds - retention.toSeconds() - SEEN_STEP_S;
  }

  public List<Increment> increments() {
    return Collections.unmodifiableList(increments);
  }

  public List<Gauge> gauges() {
    return Collections.unmodifiableList(gauges);
  }

  /** All series of the batch, in order. */
  public List<Series> series() {
    return Collections.unmodifiableList(series);
  }
}
