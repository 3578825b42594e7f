package org.skymetrics.common.seal;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The values that were asked for last, up to a limit. */
final class Recent<K, V> {
  private final LinkedHashMap<K, V> values = new LinkedHashMap<>(16, 0.75f, true);
  private final int limit;

  Recent(int limit) {
    this.limit = limit;
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  @Nullable V get(K key) {
    return values.get(key);
  }

  /** The value of a key; made where there is none. */
  V get(K key, Function<K, V> make) {
    V value = values.get(key);
    if (value == null) {
      value = make.apply(key);
      put(key, value);
    }
    return value;
  }

  void put(K key, V value) {
    values.put(key, value);
    if (values.size() > limit) {
      Iterator<V> eldest = values.values().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  void remove(K key) {
    values.remove(key);
  }

  void forEach(BiConsumer<K, V> action) {
    values.forEach(action);
  }

  void removeIf(Predicate<V> condition) {
    values.values().removeIf(condition);
  }
}
