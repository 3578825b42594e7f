package org.skymetrics.server.lane;

/**
 * Gives lanes their numbers, one instance for each receiving thread. A number is never given twice:
 * its upper bits are random for each process, and a counter follows.
 *
 * <pre>
 *  63..36 random, the same for all threads of a process | 35..6 counter from 1 | 5..0 receiving thread
 * </pre>
 */
public final class LaneNumbers {
  /** Receiving threads at most. */
  public static final int MAX_THREADS = 64;

  private static final int THREAD_BITS = 6;
  private static final int PREFIX_SHIFT = 36;
  private static final long MAX_COUNTER = (1L << (PREFIX_SHIFT - THREAD_BITS)) - 1;

  private final long prefix;
  private final int thread;
  private long counter;

  /**
   * The numbers of one thread.
   *
   * @param random the same for all threads of a process, another one for each process
   */
  public LaneNumbers(long random, int thread) {
    this.prefix = random >>> PREFIX_SHIFT;
    this.thread = thread;
  }

  /** The next number; 0 when all are used up, after a billion. */
  public long next() {
    if (counter == MAX_COUNTER) {
      return 0;
    }
    counter++;
    return prefix << PREFIX_SHIFT | counter << THREAD_BITS | thread;
  }

  /** Whether this process gave the number, or may give it yet. */
  public boolean isOfThisProcess(long lane) {
    return lane >>> PREFIX_SHIFT == prefix;
  }

  /** The receiving thread that a number of this process belongs to. */
  public static int threadOf(long lane) {
    return (int) (lane & (MAX_THREADS - 1));
  }
}
