package org.skymetrics.ui.members;

/** A member answered, but not with what it was asked for. */
final class NonsenseException extends Exception {
  private static final long serialVersionUID = 1;

  NonsenseException(String message) {
    super(message);
  }
}
