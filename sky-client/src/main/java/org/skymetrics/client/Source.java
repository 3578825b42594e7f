package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A place that counts of one series are gathered in: a cell of one thread, or one that threads
 * share. The sender harvests what it has gathered since.
 *
 * <p>A source only grows; the sender remembers what it took last. So there is no reset that a count
 * could fall into. A source that has not grown for some minutes is retired: a thread that then
 * finds it in its table makes a new one, and the sender, having harvested it for a minute more,
 * forgets it.
 */
abstract class Source {
  private static final VarHandle STATE;
  private static final byte LIVE = 0;
  private static final byte BOUND = 1;
  private static final byte RETIRED = 2;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Source.class, "state", byte.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Live, then either bound for good or retired for good. */
  @SuppressWarnings("UnusedVariable") // read and written through STATE
  private byte state;

  /**
   * The sender's: the second of the monotonic clock in which it last saw the source grow; later,
   * that in which it retired it.
   */
  int grownSecond;

  /** The sender's: how often it harvested the source since it was retired, up to some number. */
  byte harvestsRetired;

  /** A stale answer costs nothing but a count in a source that is still harvested. */
  final boolean isRetired() {
    return (byte) STATE.getOpaque(this) == RETIRED;
  }

  /** Retires the source unless a bound handle holds it; whether it is retired. */
  final boolean retire() {
    return STATE.compareAndSet(this, LIVE, RETIRED);
  }

  /** Has a handle hold the source; false where it is retired already. */
  final boolean bind() {
    return STATE.compareAndSet(this, LIVE, BOUND) || (byte) STATE.getAcquire(this) == BOUND;
  }

  /** Everything gathered since the start: counts of a counter, samples of the others. */
  abstract long accepted();

  /** The sender's: the source is retired, was harvested to its end, and is forgotten. */
  void end() {}
}
