package org.skymetrics.store;

/**
 * Bytes from a store that do not follow their layout (docs/storage.md). The message says which
 * value and what is wrong.
 */
public final class CorruptException extends Exception {
  private static final long serialVersionUID = 1;

  public CorruptException(String message) {
    super(message);
  }
}
