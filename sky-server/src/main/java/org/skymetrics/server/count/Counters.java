package org.skymetrics.server.count;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** The values of all {@link ServerCounter}s. Safe from any thread. */
public final class Counters {
  private final EnumMap<ServerCounter, LongAdder> cells = new EnumMap<>(ServerCounter.class);

  public Counters() {
    for (ServerCounter counter : ServerCounter.values()) {
      cells.put(counter, new LongAdder());
    }
  }

  public void increment(ServerCounter counter) {
    cell(counter).increment();
  }

  public void add(ServerCounter counter, long n) {
    cell(counter).add(n);
  }

  public long get(ServerCounter counter) {
    return cell(counter).sum();
  }

  /** All values of about this moment. */
  public Map<ServerCounter, Long> values() {
    Map<ServerCounter, Long> values = new EnumMap<>(ServerCounter.class);
    cells.forEach((counter, cell) -> values.put(counter, cell.sum()));
    return values;
  }

  private LongAdder cell(ServerCounter counter) {
    return Objects.requireNonNull(cells.get(counter));
  }
}
