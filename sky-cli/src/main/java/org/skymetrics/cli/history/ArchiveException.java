package org.skymetrics.cli.history;

/** A backup that can't be restored; the message says why. */
public final class ArchiveException extends Exception {
  private static final long serialVersionUID = 1;

  ArchiveException(String message) {
    super(message);
  }
}
