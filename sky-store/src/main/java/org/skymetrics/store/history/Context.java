package org.skymetrics.store.history;

/** Which siblings a reader has seen: opaque, made by the store that reads it again. */
public final class Context {
  /** Has seen nothing. */
  public static final Context NONE = new Context(new byte[0]);

  private final byte[] bytes;

  public Context(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  public byte[] toBytes() {
    return bytes.clone();
  }
}
