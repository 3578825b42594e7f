package org.skymetrics.client;

import java.util.Map;

/**
 * What a client did since its start.
 *
 * @param acceptedCounts the sum of all counters' counts and the number of all gauge and histogram
 *     values that were taken; a count past the key limit stands in its parent and once more in
 *     {@code sky>overflow}
 * @param acknowledgedCounts how much of that a server has acknowledged
 * @param series series that are counted now
 * @param heldPackets packets not acknowledged yet
 * @param heldBytes their size
 * @param counters everything else, refusals by cause among it
 */
public record Stats(
    long acceptedCounts,
    long acknowledgedCounts,
    int series,
    int heldPackets,
    long heldBytes,
    Map<ClientCounter, Long> counters) {
  public Stats {
    counters = Map.copyOf(counters);
  }

  /** One of {@link #counters()}. */
  public long get(ClientCounter counter) {
    return counters.getOrDefault(counter, 0L);
  }
}
