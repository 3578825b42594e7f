package org.skymetrics.ui.query;

/** A question took longer to answer than it may. */
public final class TooSlowException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TooSlowException(String message) {
    super(message);
  }
}
