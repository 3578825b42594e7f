package org.skymetrics.cli.history;

/** A file that can't be taken in, or not further; the message says where and why. */
public final class ImportException extends Exception {
  private static final long serialVersionUID = 1;

  ImportException(String message) {
    super(message);
  }
}
