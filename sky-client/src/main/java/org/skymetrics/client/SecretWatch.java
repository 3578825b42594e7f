package org.skymetrics.client;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.seal.SecretFile;

/** Looks now and then whether the secrets have changed. The sender's thread alone uses it. */
final class SecretWatch {
  private static final long INTERVAL_NS = 1_000_000_000L;

  private final @Nullable SecretFile file;
  private long lookedNs = Long.MIN_VALUE;

  SecretWatch(@Nullable SecretFile file) {
    this.file = file;
  }

  void look(long nowNs) {
    if (file == null || (lookedNs != Long.MIN_VALUE && nowNs - lookedNs < INTERVAL_NS)) {
      return;
    }
    lookedNs = nowNs;
    String change = file.refresh();
    if (change != null) {
      System.getLogger("org.skymetrics.client").log(Level.INFO, "Sky: {0}", change);
    }
  }
}
