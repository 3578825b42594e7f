package org.skymetrics.store;

/**
 * A store did not do what it was asked, or it is not known whether it did. Every operation of the
 * stores may be asked again: doing it twice is the same as once.
 */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Why, for counting. */
  public enum Fault {
    /** Not reached, or the connection was cut. */
    UNAVAILABLE,
    /** No answer in time. */
    TIMEOUT,
    /** It answers, but takes no writes: read-only, out of memory, disk full. */
    REFUSES_WRITES,
    /** User, password, rights or certificate. */
    NOT_ALLOWED,
    /** It holds something that is not Sky's, or of another layout. */
    FOREIGN_CONTENT,
    /** Any other error that it reports. */
    OTHER
  }

  private final Fault fault;

  public StoreException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  public StoreException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
