package org.skymetrics.store.redis;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Connection;

/**
 * Closes the connections of calls that take too long. A socket's own timeout bounds only the wait
 * for the next byte read, and no write at all.
 */
final class Deadlines implements AutoCloseable {
  private final Duration length;
  private final ScheduledThreadPoolExecutor timer;

  Deadlines(Duration length) {
    this.length = length;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "sky-redis-timer");
              thread.setDaemon(true);
              return thread;
            },
            // Once closed: calls end by the sockets that the pool closes.
            new ThreadPoolExecutor.DiscardPolicy());
    timer.setRemoveOnCancelPolicy(true);
  }

  /** The time of one call. */
  static final class Deadline implements AutoCloseable {
    private final ScheduledFuture<?> end;
    private volatile boolean passed;

    private Deadline(ScheduledThreadPoolExecutor timer, Connection connection, Duration length) {
      this.end =
          timer.schedule(
              () -> {
                passed = true;
                connection.forceDisconnect();
                return this;
              },
              length.toMillis(),
              TimeUnit.MILLISECONDS);
    }

    boolean hasPassed() {
      return passed;
    }

    /** The call is over. */
    @Override
    public void close() {
      end.cancel(false);
    }
  }

  Deadline start(Connection connection) {
    return new Deadline(timer, connection, length);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
