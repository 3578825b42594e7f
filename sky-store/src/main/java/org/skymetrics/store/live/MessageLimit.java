package org.skymetrics.store.live;

/** Lets so many messages through in ten seconds, and no more. One thread. */
public final class MessageLimit {
  /** In ten seconds. */
  public static final int MAX_MESSAGES = 100;

  private static final long WINDOW_NS = 10_000_000_000L;

  private long windowNs;
  private int messages;

  public MessageLimit(long nowNs) {
    windowNs = nowNs;
  }

  /** Whether one more may come now. */
  public boolean takes(long nowNs) {
    if (nowNs - windowNs >= WINDOW_NS) {
      windowNs = nowNs;
      messages = 0;
    }
    return ++messages <= MAX_MESSAGES;
  }
}
