package org.skymetrics.store.history;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where history is kept: values by key, and concurrent writes stay side by side as siblings until
 * one write has seen them all. A put is durable when it returns. Every operation may be repeated.
 * All methods are safe from any thread, block, and throw {@link
 * org.skymetrics.store.StoreException}.
 */
public interface HistoryStore extends AutoCloseable {
  /** All siblings of a key, none where there is no value. */
  Versions get(String key);

  /** {@link #get} for many keys: an entry for each, in their order. */
  default Map<String, Versions> get(Collection<String> keys) {
    Map<String, Versions> all = new LinkedHashMap<>();
    keys.forEach(key -> all.put(key, get(key)));
    return all;
  }

  /**
   * {@link #get} for many keys of which a reader knows something already.
   *
   * @param known for each key the context of what the reader has of it; {@link Context#NONE} where
   *     it has nothing
   * @return an entry for each key whose siblings may be others than those that the context has
   *     seen; of a key without one there is just what is known
   */
  default Map<String, Versions> changed(Map<String, Context> known) {
    return get(known.keySet());
  }

  /**
   * Writes a value that replaces those siblings that {@code context} has seen; what others wrote
   * since stays beside it, and then what was seen may stay as well: Riak does not know which is
   * which. So values are united, and who must be rid of something reads again. With {@link
   * Context#NONE} it replaces nothing. The value is not empty.
   */
  void put(String key, byte[] value, Context context);

  /**
   * Removes those siblings that {@code context} has seen; what others wrote since stays, and then
   * what was seen may stay as well, as with {@link #put}.
   */
  void delete(String key, Context context);

  /** How the store is named to an operator: kind and address. */
  String describe();

  @Override
  void close();

  /** What {@link #get} found: the siblings in no order, and the context to replace them with. */
  record Versions(List<byte[]> values, Context context) {
    public Versions {
      values = List.copyOf(values);
    }
  }
}
