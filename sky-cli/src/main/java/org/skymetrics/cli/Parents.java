package org.skymetrics.cli;

import org.jspecify.annotations.Nullable;

/** The command above a subcommand, which picocli sets before the subcommand runs. */
final class Parents {
  private Parents() {}

  static <T> T of(@Nullable T parent) {
    if (parent == null) {
      throw new IllegalStateException("a subcommand runs under the command sky only");
    }
    return parent;
  }
}
