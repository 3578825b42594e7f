package org.skymetrics.server.journal;

import org.jspecify.annotations.Nullable;

/** A journal that can't be opened; the message is a sentence for an operator. */
public final class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1;

  JournalException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
