package org.skymetrics.store;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The counts by {@link StoreCounter} of one process: stores add, whoever shows them reads. */
public final class StoreCounters {
  private final Map<StoreCounter, LongAdder> counts = new EnumMap<>(StoreCounter.class);

  public StoreCounters() {
    for (StoreCounter counter : StoreCounter.values()) {
      counts.put(counter, new LongAdder());
    }
  }

  public void increment(StoreCounter counter) {
    add(counter, 1);
  }

  public void add(StoreCounter counter, long n) {
    adder(counter).add(n);
  }

  /** A call failed: it is counted, and its cause. */
  public void failed(StoreException failure) {
    increment(StoreCounter.CALL_FAILED);
    increment(
        switch (failure.fault()) {
          case UNAVAILABLE -> StoreCounter.CALL_UNAVAILABLE;
          case TIMEOUT -> StoreCounter.TIMEOUT;
          case REFUSES_WRITES -> StoreCounter.CALL_WRITE_REFUSED;
          case NOT_ALLOWED -> StoreCounter.CALL_NOT_ALLOWED;
          case FOREIGN_CONTENT -> StoreCounter.CALL_FOREIGN;
          case OTHER -> StoreCounter.CALL_OTHER;
        });
  }

  public long get(StoreCounter counter) {
    return adder(counter).sum();
  }

  /** All counts, in the order of the enum. */
  public Map<StoreCounter, Long> snapshot() {
    EnumMap<StoreCounter, Long> snapshot = new EnumMap<>(StoreCounter.class);
    counts.forEach((counter, n) -> snapshot.put(counter, n.sum()));
    return Collections.unmodifiableMap(snapshot);
  }

  private LongAdder adder(StoreCounter counter) {
    LongAdder adder = counts.get(counter);
    if (adder == null) {
      throw new AssertionError("every counter has an adder");
    }
    return adder;
  }
}
