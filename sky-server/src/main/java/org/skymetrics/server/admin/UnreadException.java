package org.skymetrics.server.admin;

/** Why the running batches were not read, as a sentence for who asked. */
public final class UnreadException extends Exception {
  private static final long serialVersionUID = 1;

  UnreadException(String sentence) {
    super(sentence);
  }
}
