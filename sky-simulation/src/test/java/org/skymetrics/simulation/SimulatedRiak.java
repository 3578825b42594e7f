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
 * The values of history with their siblings; a context is the numbers of those that were seen, and
 * below 0 how often the key had gone before. Like SQLite it replaces just what a context has seen,
 * or like Riak it leaves that beside the rest where there is more.
 */
final class SimulatedRiak {
  private final TreeMap<String, TreeMap<Long, byte[]>> siblings = new TreeMap<>();
  private final Map<String, Long> goings = new HashMap<>();
  private final Set<String> belated = new HashSet<>();
  private final boolean keepsWhatWasSeen;
  private long numbers;

  SimulatedRiak(boolean keepsWhatWasSeen) {
    this.keepsWhatWasSeen = keepsWhatWasSeen;
  }

  Versions get(String key) {
    Map<Long, byte[]> found = siblings.getOrDefault(key, new TreeMap<>());
    ByteBuffer seen = ByteBuffer.allocate(Long.BYTES * (1 + found.size()));
    seen.putLong(-goings(key));
    found.keySet().forEach(seen::putLong);
    return new Versions(new ArrayList<>(found.values()), new Context(seen.array()));
  }

  void put(String key, byte[] value, Context context) {
    if (value.length == 0) {
      throw new IllegalArgumentException("a value is not empty");
    }
    Set<Long> seen = seen(context);
    remove(key, seen);
    siblings.computeIfAbsent(key, k -> new TreeMap<>()).put(++numbers, value.clone());
    if (seen.stream().anyMatch(n -> n <= 0 && -n < goings(key))) {
      belated.add(key);
    }
  }

  void delete(String key, Context context) {
    boolean wasThere = isThere(key);
    remove(key, seen(context));
    if (wasThere && !isThere(key)) {
      goings.merge(key, 1L, Long::sum);
      belated.remove(key);
    }
  }

  private static Set<Long> seen(Context context) {
    Set<Long> seen = new HashSet<>();
    ByteBuffer bytes = ByteBuffer.wrap(context.toBytes());
    while (bytes.hasRemaining()) {
      seen.add(bytes.getLong());
    }
    return seen;
  }

  private void remove(String key, Set<Long> seen) {
    Map<Long, byte[]> present = siblings.getOrDefault(key, new TreeMap<>());
    if (!keepsWhatWasSeen || seen.containsAll(present.keySet())) {
      present.keySet().removeAll(seen);
    }
  }

  private boolean isThere(String key) {
    return !siblings.getOrDefault(key, new TreeMap<>()).isEmpty();
  }

  private long goings(String key) {
    return goings.getOrDefault(key, 0L);
  }

  /** Whether what is there was put by one who had looked before it went. */
  boolean isBelated(String key) {
    return belated.contains(key);
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
    copy.goings.putAll(goings);
    copy.belated.addAll(belated);
    copy.numbers = numbers;
    return copy;
  }
}
