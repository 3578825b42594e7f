package org.skymetrics.store.riak.standin;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data of one cluster: all its nodes share it. Bucket types are fixed: {@code default}, {@code
 * siblings} (allow_mult, dotted version vectors), {@code counters} and {@code sets}.
 */
final class Memory {
  final Marks marks;
  final DataTypes dataTypes;
  private final Map<String, Bucket> buckets = new HashMap<>();

  Memory(Marks marks) {
    this.marks = marks;
    this.dataTypes = new DataTypes(marks);
  }

  /** A bucket, which begins with the defaults of its type; null where there is no such type. */
  @Nullable Bucket bucket(String type, String name) {
    return switch (type) {
      case "default", "" ->
          buckets.computeIfAbsent("default/" + name, n -> new Bucket(marks, false, false));
      case "siblings", "counters", "sets" ->
          buckets.computeIfAbsent(type + "/" + name, n -> new Bucket(marks, true, true));
      default -> null;
    };
  }

  synchronized void clear() {
    buckets.clear();
  }
}
