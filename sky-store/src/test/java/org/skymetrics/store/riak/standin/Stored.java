package org.skymetrics.store.riak.standin;

import java.util.List;

/** What is stored under a key: all siblings, and the clock that has seen them. */
record Stored(VectorClock clock, List<Content> contents) {
  Stored {
    contents = List.copyOf(contents);
  }

  /** Whether there is nothing but tombstones. */
  boolean isDeleted() {
    return contents.stream().allMatch(Content::deleted);
  }
}
