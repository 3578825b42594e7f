package org.skymetrics.client;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the sender tells other threads, and what they ask of it. */
final class Progress {
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
  private final AtomicLong acknowledgedCounts = new AtomicLong();
  private volatile int heldPackets;
  private volatile long heldBytes;

  /**
   * To send all that was accepted, and to say when it is acknowledged; {@code closes}: and then to
   * end.
   */
  record Request(boolean closes, CompletableFuture<Boolean> done) {
    Request(boolean closes) {
      this(closes, new CompletableFuture<>());
    }

    /** Whether nobody waits for the answer any more. */
    boolean isOver() {
      return done.isDone();
    }

    /** Whether nothing of it was given up. */
    void answer(boolean whole) {
      done.complete(whole);
    }
  }

  void ask(Request request) {
    requests.add(request);
  }

  @Nullable Request peek() {
    return requests.peek();
  }

  /** Takes away what {@link #peek} gave. The sender alone calls both. */
  void remove() {
    requests.remove();
  }

  void acknowledged(long counts) {
    acknowledgedCounts.addAndGet(counts);
  }

  void holds(int packets, long bytes) {
    heldPackets = packets;
    heldBytes = bytes;
  }

  long acknowledgedCounts() {
    return acknowledgedCounts.get();
  }

  int heldPackets() {
    return heldPackets;
  }

  long heldBytes() {
    return heldBytes;
  }
}
