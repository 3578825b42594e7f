package org.skymetrics.ui.keys;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.key.Key;

/**
 * Some keys of series, in order.
 *
 * @param next the key after which the walk goes on; null where it came to the end
 */
public record KeyWalk(List<KeyEntry> keys, @Nullable Key next) {
  public KeyWalk {
    keys = List.copyOf(keys);
  }
}
