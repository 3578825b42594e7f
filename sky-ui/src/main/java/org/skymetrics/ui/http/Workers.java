package org.skymetrics.ui.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;

/**
 * The threads on which stores are asked. Few, and a bounded number of requests may wait for them:
 * past it a request is refused at once with 503, so that a slow store costs answers and not memory.
 */
public final class Workers {
  private static final int MAX_WAITING = 64;
  private static final int MAX_WORK_SECONDS = 120;

  private final WorkerExecutor pool;
  private final Counters counters;
  private final int limit;
  private final AtomicInteger inHand = new AtomicInteger();

  public Workers(Vertx vertx, int threads, Counters counters) {
    this(vertx, "sky-ui-stores", threads, counters);
  }

  /**
   * @param name of the threads; those of one name are shared
   */
  Workers(Vertx vertx, String name, int threads, Counters counters) {
    this.pool = vertx.createSharedWorkerExecutor(name, threads, MAX_WORK_SECONDS, TimeUnit.SECONDS);
    this.counters = counters;
    this.limit = threads + MAX_WAITING;
  }

  <T> Future<T> run(Callable<T> work) {
    if (inHand.incrementAndGet() > limit) {
      inHand.decrementAndGet();
      counters.count(UiCounter.BUSY);
      throw new HttpFault(503, "too many requests are being worked on; try again in a moment");
    }
    return pool.executeBlocking(work, false).onComplete(done -> inHand.decrementAndGet());
  }
}
