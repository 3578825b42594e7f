package org.skymetrics.cli.history;

import org.jspecify.annotations.Nullable;

/** A line of a file that can't be taken in; the message says what is wrong with it. */
final class BadLineException extends Exception {
  private static final long serialVersionUID = 1;

  BadLineException(String message) {
    super(message);
  }

  BadLineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
