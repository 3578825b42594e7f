package org.skymetrics.rollup;

/**
 * What was written is gone when it is read back: another rollup, that made the same span, has
 * already made what is above it and removed this. What was taken in hand stays marked.
 */
final class OvertakenException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param message which value is gone
   */
  OvertakenException(String message) {
    super(message);
  }
}
