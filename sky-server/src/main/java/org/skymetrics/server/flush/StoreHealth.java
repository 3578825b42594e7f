package org.skymetrics.server.flush;

import org.jspecify.annotations.Nullable;

/**
 * How the period store was found last.
 *
 * @param isReachable whether it answered
 * @param problem what it said if not, a sentence
 * @param clockDifferenceMs its clock minus ours; 0 until it answered once
 */
public record StoreHealth(boolean isReachable, @Nullable String problem, long clockDifferenceMs) {
  static final StoreHealth UNKNOWN = new StoreHealth(false, "it was not asked yet", 0);
}
