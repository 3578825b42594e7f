package org.skymetrics.ui.count;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** The values of {@link UiCounter}; safe from any thread. */
public final class Counters {
  /** Filled here and never changed after. */
  private final Map<UiCounter, LongAdder> values = new EnumMap<>(UiCounter.class);

  public Counters() {
    for (UiCounter counter : UiCounter.values()) {
      values.put(counter, new LongAdder());
    }
  }

  public void add(UiCounter counter, long n) {
    Objects.requireNonNull(values.get(counter)).add(n);
  }

  public void count(UiCounter counter) {
    add(counter, 1);
  }

  public long get(UiCounter counter) {
    return Objects.requireNonNull(values.get(counter)).sum();
  }

  public List<Reading> read() {
    List<Reading> all = new ArrayList<>();
    values.forEach(
        (counter, value) ->
            all.add(new Reading("sky_ui_" + counter.label(), counter.description(), value.sum())));
    return all;
  }
}
