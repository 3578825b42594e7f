package org.skymetrics.ui.query;

/** A file that the catalogue named was not there: by now another catalogue names others. */
final class MovedException extends Exception {
  private static final long serialVersionUID = 1;

  MovedException(String key) {
    super("history: " + key + " is missing");
  }
}
