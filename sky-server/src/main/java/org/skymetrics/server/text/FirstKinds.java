package org.skymetrics.server.text;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.skymetrics.common.cell.Kind;

/**
 * What each key from text was counted as first, over all threads. Past its limit it forgets all.
 * Safe from any thread.
 */
final class FirstKinds {
  private final int limit;
  private final Map<String, Kind> kinds = new ConcurrentHashMap<>();

  FirstKinds(int limit) {
    this.limit = limit;
  }

  /** The kind of a key, which is this one where it is new. */
  Kind of(String key, Kind kind) {
    if (kinds.size() >= limit) {
      kinds.clear();
    }
    Kind present = kinds.putIfAbsent(key, kind);
    return present == null ? kind : present;
  }
}
