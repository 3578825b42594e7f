package org.skymetrics.server;

/** A server that could not start; the message is a sentence for an operator. */
public final class ServerStartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ServerStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
