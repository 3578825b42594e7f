package org.skymetrics.ui.query;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;

/** The contract of a history store in as few lines as it takes: a context is a list of versions. */
final class MemoryHistoryStore implements HistoryStore {
  private final Map<String, TreeMap<Long, byte[]>> siblings = new TreeMap<>();
  private long versions;

  @Override
  public synchronized Versions get(String key) {
    TreeMap<Long, byte[]> found = siblings.getOrDefault(key, new TreeMap<>());
    ByteBuffer seen = ByteBuffer.allocate(8 * found.size());
    found.keySet().forEach(seen::putLong);
    return new Versions(new ArrayList<>(found.values()), new Context(seen.array()));
  }

  @Override
  public synchronized Map<String, Versions> get(Collection<String> keys) {
    Map<String, Versions> all = new LinkedHashMap<>();
    keys.forEach(key -> all.put(key, get(key)));
    return all;
  }

  @Override
  public synchronized void put(String key, byte[] value, Context context) {
    delete(key, context);
    siblings.computeIfAbsent(key, k -> new TreeMap<>()).put(++versions, value.clone());
  }

  @Override
  public synchronized void delete(String key, Context context) {
    TreeMap<Long, byte[]> present = siblings.getOrDefault(key, new TreeMap<>());
    ByteBuffer seen = ByteBuffer.wrap(context.toBytes());
    while (seen.hasRemaining()) {
      present.remove(seen.getLong());
    }
  }

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public void close() {}
}
