package org.skymetrics.server.count;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where faults of the server itself end, at the edge of each loop: all are counted, and the first
 * of each kind and place is logged with its trace. Safe from any thread.
 */
public final class Mishaps {
  private static final Logger LOG = LoggerFactory.getLogger(Mishaps.class);
  private static final int MAX_KINDS = 100;

  private final Counters counters;
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  public Mishaps(Counters counters) {
    this.counters = counters;
  }

  /**
   * Takes a fault.
   *
   * @param doing what failed, as half a sentence: "counting a packet"
   */
  public void take(String doing, Throwable fault) {
    counters.increment(ServerCounter.INTERNAL_ERRORS);
    String kind = doing + ' ' + fault.getClass().getName();
    if (logged.size() < MAX_KINDS && logged.add(kind)) {
      LOG.error("{} failed; more of this kind are only counted", doing, fault);
    }
  }
}
