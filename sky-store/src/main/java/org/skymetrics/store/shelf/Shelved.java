package org.skymetrics.store.shelf;

import org.skymetrics.common.bytes.ByteWriter;

/** What stands on a shelf, in one version. One that is deleted stays, as a version that says so. */
public interface Shelved {
  /** What it is found by; stays when it is edited. */
  String name();

  /** From 1, one more with each edit. */
  long version();

  boolean deleted();

  /** Writes the stored form (docs/storage.md). */
  void write(ByteWriter out);
}
