package org.skymetrics.server.lane;

/**
 * Gives lanes their numbers, one instance for each receiving thread. A number is never given twice:
 * its upper bits are random for each journal, and a counter follows that goes on where the process
 * before it may have come to.
 *
 * <pre>
 *  63..36 random, the same for all threads of a journal | 35..6 counter from 1 | 5..0 receiving thread
 * </pre>
 */
public final class LaneNumbers {
  /** Receiving threads at most. */
  public static final int MAX_THREADS = 64;

  private static final int THREAD_BITS = 6;
  private static final int PREFIX_SHIFT = 36;
  private static final long MAX_COUNTER = (1L << (PREFIX_SHIFT - THREAD_BITS)) - 1;

  /** Keeps track of which counters may have been given, over restarts. Safe from any thread. */
  public interface Reserve {
    /** The highest counter that an earlier process may have given. */
    long before();

    /** Whether a counter may be given; where it is the first of many, that is written down. */
    boolean covers(long counter);
  }

  /** A reserve for those who start from 1 and never restart. */
  private static final class Everything implements Reserve {
    @Override
    public long before() {
      return 0;
    }

    @Override
    public boolean covers(long counter) {
      return true;
    }
  }

  private final long prefix;
  private final int thread;
  private final Reserve reserve;
  private long counter;

  /** Numbers from the first on. */
  public LaneNumbers(long random, int thread) {
    this(random, thread, new Everything());
  }

  /**
   * The numbers of one thread.
   *
   * @param random the same for all threads and restarts of a journal, another one for each journal
   */
  public LaneNumbers(long random, int thread, Reserve reserve) {
    this.prefix = random >>> PREFIX_SHIFT;
    this.thread = thread;
    this.reserve = reserve;
    this.counter = reserve.before();
  }

  /** The next number; 0 when all are used up, after a billion, or none can be reserved now. */
  public long next() {
    if (counter >= MAX_COUNTER || !reserve.covers(counter + 1)) {
      return 0;
    }
    counter++;
    return prefix << PREFIX_SHIFT | counter << THREAD_BITS | thread;
  }

  /** Whether the number is of this journal, given or not. */
  public boolean isOfThisJournal(long lane) {
    return lane >>> PREFIX_SHIFT == prefix;
  }

  /** Whether the number may have been given by a process before this one, from this journal. */
  boolean mayBeOfBefore(long lane) {
    long n = counterOf(lane);
    return isOfThisJournal(lane) && n > 0 && n <= reserve.before();
  }

  /** How many numbers were given before this one, and one. */
  static long counterOf(long lane) {
    return lane >>> THREAD_BITS & MAX_COUNTER;
  }

  /** The receiving thread that gave the number. */
  public static int threadOf(long lane) {
    return (int) (lane & (MAX_THREADS - 1));
  }
}
