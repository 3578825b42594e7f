package org.skymetrics.server.admin;

/** A request that can't be answered; the message says what would be right. */
final class BadRequestException extends Exception {
  private static final long serialVersionUID = 1;

  BadRequestException(String message) {
    super(message);
  }
}
