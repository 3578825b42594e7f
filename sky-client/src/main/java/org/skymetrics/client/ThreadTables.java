package org.skymetrics.client;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the threads in one scope. The first 16 platform threads have one each; all others,
 * and virtual threads, have none and share.
 *
 * <p>A thread finds its table in a small array, by its id, and knows by identity that it is its
 * own: whatever id a subclass of Thread says, no thread takes another's. One whose place another
 * has goes by a ThreadLocal.
 */
final class ThreadTables {
  private static final int MOST = 16;
  private static final int PLACES = 64;

  /** Has no owner, so no thread takes it for its own. */
  private static final ThreadTable NOBODYS = new ThreadTable(null);

  /** In place of a table: the thread shares. */
  private static final ThreadTable NONE = new ThreadTable(null);

  private final boolean sharedOnly;
  private final ThreadTable[] atHand = new ThreadTable[PLACES];

  @SuppressWarnings("ThreadLocalUsage") // one for each scope, and scopes are few and live on
  private final ThreadLocal<ThreadTable> local = new ThreadLocal<>();

  /** Replaced whole when one is added. */
  private volatile ThreadTable[] all = {};

  ThreadTables(boolean sharedOnly) {
    this.sharedOnly = sharedOnly;
    Arrays.fill(atHand, NOBODYS);
  }

  /**
   * Where threads find their tables by {@link #of}. It is never replaced, so who counts keeps it
   * and has two looks at memory less on the way of each count.
   */
  ThreadTable[] atHand() {
    return atHand;
  }

  /** This thread's table if it is at hand; otherwise one that is empty, and not to be written. */
  static ThreadTable of(ThreadTable[] atHand) {
    Thread thread = Thread.currentThread();
    ThreadTable table = atHand[place(thread)];
    return table.isOf(thread) ? table : NOBODYS;
  }

  /** This thread's table; null where it shares. */
  @Nullable ThreadTable mine() {
    Thread thread = Thread.currentThread();
    ThreadTable table = atHand[place(thread)];
    return table.isOf(thread) ? table : find(thread);
  }

  /** The same, for this thread, whose table is not at hand or whose row is too short. */
  @Nullable ThreadTable elsewhere(Thread thread) {
    return find(thread);
  }

  private static int place(Thread thread) {
    return (int) thread.getId() & (PLACES - 1);
  }

  private @Nullable ThreadTable find(Thread thread) {
    if (sharedOnly || VirtualThreads.is(thread)) {
      return null;
    }
    ThreadTable table = local.get();
    if (table == null) {
      table = claim(thread);
      local.set(table);
    }
    if (table == NONE) {
      return null;
    }
    putAtHand(thread, table);
    return table;
  }

  /** Where a living thread has the place it keeps it: two would drive each other out. */
  private void putAtHand(Thread thread, ThreadTable table) {
    int i = place(thread);
    Thread present = atHand[i].owner();
    if (present == null || place(present) != i) {
      atHand[i] = table;
    }
  }

  private ThreadTable claim(Thread thread) {
    for (ThreadTable table : all) {
      if (table.claim(thread)) {
        return table;
      }
    }
    return add(thread);
  }

  private synchronized ThreadTable add(Thread thread) {
    int n = all.length;
    if (n == MOST) {
      return NONE;
    }
    ThreadTable[] more = Arrays.copyOf(all, n + 1);
    more[n] = new ThreadTable(thread);
    all = more;
    return more[n];
  }

  /** All tables that there are, of threads that have ended too. */
  ThreadTable[] all() {
    return all;
  }

  /** Lets go of threads that have ended. The sender's. */
  void release() {
    for (ThreadTable table : all) {
      table.release();
    }
  }
}
