package org.skymetrics.store.period;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.ShardPeriod;

/**
 * Reads what others may have written or damaged in a period store: null, and counted, where it does
 * not follow its layout.
 */
public final class EntryReader {
  private final StoreCounters counters;

  public EntryReader(StoreCounters counters) {
    this.counters = counters;
  }

  /** The batch that a mailbox holds under this name. */
  public @Nullable Batch batch(ShardPeriod place, String name, byte[] bytes) {
    try {
      Batch batch = Batch.parse(bytes);
      if (batch.place().equals(place) && batch.name().toString().equals(name)) {
        return batch;
      }
    } catch (CorruptException e) {
      // Counted below: its message adds nothing to the count.
    }
    counters.increment(StoreCounter.DAMAGED_BATCH);
    return null;
  }

  public @Nullable Key key(byte[] bytes) {
    return key(bytes, 0);
  }

  /** The key in the bytes from {@code from} on. */
  public @Nullable Key key(byte[] bytes, int from) {
    int length = bytes.length - from;
    if (length > 0 && Key.fault(bytes, from, length) == null) {
      return Key.ofChecked(bytes, from, length);
    }
    damaged();
    return null;
  }

  /** The kind of this number. */
  public @Nullable Kind kind(int id) {
    Kind kind = Kind.byId(id);
    if (kind == null) {
      damaged();
    }
    return kind;
  }

  /** The gauge whose stored form starts at {@code from}. */
  public @Nullable GaugeCell gauge(byte[] bytes, int from) {
    if (from < bytes.length) {
      ByteReader in = new ByteReader().reset(bytes, from, bytes.length - from);
      if (Cell.load(Kind.GAUGE, in) instanceof GaugeCell gauge) {
        return gauge;
      }
    }
    damaged();
    return null;
  }

  /** The annotation in these bytes. */
  public @Nullable Annotation annotation(byte[] bytes) {
    try {
      return Annotation.read(new ByteReader(bytes));
    } catch (CorruptException e) {
      damaged();
      return null;
    }
  }

  /** Counts an entry that can't be read. */
  public void damaged() {
    counters.increment(StoreCounter.DAMAGED_ENTRY);
  }
}
