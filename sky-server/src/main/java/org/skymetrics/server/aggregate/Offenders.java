package org.skymetrics.server.aggregate;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Who makes too many keys: the first segments of keys past the limit, with how many records they
 * had. The first hundred are kept. Safe from any thread.
 */
public final class Offenders {
  private static final int MAX = 100;

  private final ConcurrentMap<String, LongAdder> records = new ConcurrentHashMap<>();

  void pastLimit(byte[] key, int length) {
    int end = 0;
    while (end < length && key[end] != '|' && key[end] != '>') {
      end++;
    }
    String segment = new String(key, 0, end, StandardCharsets.UTF_8);
    LongAdder known = records.get(segment);
    if (known == null && records.size() < MAX) {
      known = records.computeIfAbsent(segment, s -> new LongAdder());
    }
    if (known != null) {
      known.increment();
    }
  }

  /** The first segments and their records, in order. */
  public Map<String, Long> records() {
    Map<String, Long> all = new TreeMap<>();
    records.forEach((segment, n) -> all.put(segment, n.sum()));
    return all;
  }
}
