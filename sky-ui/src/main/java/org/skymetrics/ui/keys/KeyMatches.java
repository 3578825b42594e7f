package org.skymetrics.ui.keys;

import java.util.List;

/**
 * The keys that match a pattern.
 *
 * @param keys the first of them, as many as were asked for
 * @param matched how many there are
 */
public record KeyMatches(List<KeyEntry> keys, int matched) {
  public KeyMatches {
    keys = List.copyOf(keys);
  }
}
