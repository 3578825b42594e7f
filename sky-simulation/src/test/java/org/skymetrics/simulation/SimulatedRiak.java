package org.skymetrics.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore.Versions;

/**
 * The values of history with their siblings; a context is the numbers of those that were seen. Like
 * SQLite it replaces just what a context has seen, or like Riak it leaves that beside the rest
 * where there is more.
 */
final class SimulatedRiak {
  private final TreeMap<String, TreeMap<Long, byte[]>> siblings = new TreeMap<>();
  private final Map<String, List<byte[]>> gone = new HashMap<>();
  private final boolean keepsWhatWasSeen;
  private long numbers;

  SimulatedRiak(boolean keepsWhatWasSeen) {
    this.keepsWhatWasSeen = keepsWhatWasSeen;
  }

  Versions get(String key) {
    Map<Long, byte[]> found = siblings.getOrDefault(key, new TreeMap<>());
    ByteBuffer seen = ByteBuffer.allocate(Long.BYTES * found.size());
    found.keySet().forEach(seen::putLong);
    return new Versions(new ArrayList<>(found.values()), new Context(seen.array()));
  }

  void put(String key, byte[] value, Context context) {
    if (value.length == 0) {
      throw new IllegalArgumentException("a value is not empty");
    }
    remove(key, context);
    siblings.computeIfAbsent(key, k -> new TreeMap<>()).put(++numbers, value.clone());
  }

  void delete(String key, Context context) {
    List<byte[]> before = get(key).values();
    remove(key, context);
    if (get(key).values().isEmpty()) {
      gone.computeIfAbsent(key, k -> new ArrayList<>()).addAll(before);
    }
  }

  private void remove(String key, Context context) {
    Map<Long, byte[]> present = siblings.getOrDefault(key, new TreeMap<>());
    Set<Long> seen = new HashSet<>();
    ByteBuffer bytes = ByteBuffer.wrap(context.toBytes());
    while (bytes.hasRemaining()) {
      seen.add(bytes.getLong());
    }
    if (!keepsWhatWasSeen || seen.containsAll(present.keySet())) {
      present.keySet().removeAll(seen);
    }
  }

  /** The values that were there when a key went, as often as it did. */
  List<byte[]> gone(String key) {
    return gone.getOrDefault(key, List.of());
  }

  /** All keys that begin so and have a value. */
  List<String> keys(String prefix) {
    return siblings.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix) && !entry.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  SimulatedRiak copy() {
    SimulatedRiak copy = new SimulatedRiak(keepsWhatWasSeen);
    siblings.forEach((key, values) -> copy.siblings.put(key, new TreeMap<>(values)));
    gone.forEach((key, values) -> copy.gone.put(key, new ArrayList<>(values)));
    copy.numbers = numbers;
    return copy;
  }
}
