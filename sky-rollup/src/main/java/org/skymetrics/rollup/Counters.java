package org.skymetrics.rollup;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** The values of {@link RollupCounter}; safe from any thread. */
final class Counters {
  /** Filled here and never changed after. */
  private final Map<RollupCounter, LongAdder> values = new EnumMap<>(RollupCounter.class);

  Counters() {
    for (RollupCounter counter : RollupCounter.values()) {
      values.put(counter, new LongAdder());
    }
  }

  void add(RollupCounter counter, long n) {
    Objects.requireNonNull(values.get(counter)).add(n);
  }

  void count(RollupCounter counter) {
    add(counter, 1);
  }

  Map<RollupCounter, Long> read() {
    EnumMap<RollupCounter, Long> all = new EnumMap<>(RollupCounter.class);
    values.forEach((counter, value) -> all.put(counter, value.sum()));
    return Collections.unmodifiableMap(all);
  }
}
