package org.skymetrics.store.period;

import org.skymetrics.common.time.Period;
import org.skymetrics.store.StoreException;

/** What a period store is cut into; written when it is created, and never changed. */
public record Layout(Period period, int shards) {
  public static final int MAX_SHARDS = 1024;

  public Layout {
    if (shards < 1 || shards > MAX_SHARDS) {
      throw new IllegalArgumentException("shards are 1 to " + MAX_SHARDS + ", not " + shards);
    }
  }

  /**
   * Refuses to go on where a store was created with another layout.
   *
   * @throws StoreException naming both
   */
  public void requireSame(Layout stored, String store) {
    if (!equals(stored)) {
      throw new StoreException(
          StoreException.Fault.FOREIGN_CONTENT,
          store
              + " was created with --period "
              + stored.period.label()
              + " --shards "
              + stored.shards
              + "; it can't be opened with --period "
              + period.label()
              + " --shards "
              + shards);
    }
  }
}
