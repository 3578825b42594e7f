package org.skymetrics.server.admin;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.skymetrics.server.aggregate.SeriesQuery;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Mishaps;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.flush.Segments;
import org.skymetrics.store.batch.Batch;

/**
 * Reads of the batches that history may not have yet, over HTTP and in the process: so many at a
 * time, more are refused. Safe from any thread.
 */
public final class Reads {
  private static final int MAX_AT_A_TIME = 64;

  private final Segments segments;
  private final Counters counters;
  private final Mishaps mishaps;
  private final AtomicInteger running = new AtomicInteger();

  public Reads(Segments segments, Counters counters, Mishaps mishaps) {
    this.segments = segments;
    this.counters = counters;
    this.mishaps = mishaps;
  }

  /**
   * {@link Segments#read}; fails with a sentence for who asks.
   *
   * @return fails with {@link UnreadException} and nothing else
   */
  public CompletableFuture<List<Batch>> read(SeriesQuery query) {
    return read(() -> segments.read(query));
  }

  /** {@link Segments#readWhole}, as {@link #read}. */
  public CompletableFuture<List<Batch>> readWhole(SeriesQuery query) {
    return read(() -> segments.readWhole(query));
  }

  private CompletableFuture<List<Batch>> read(Supplier<CompletableFuture<List<Batch>>> reading) {
    if (running.incrementAndGet() > MAX_AT_A_TIME) {
      running.decrementAndGet();
      counters.increment(ServerCounter.READS_REFUSED);
      return CompletableFuture.failedFuture(
          new UnreadException("too many readers ask at a time; ask again"));
    }
    CompletableFuture<List<Batch>> answer = new CompletableFuture<>();
    var unused =
        reading
            .get()
            .whenComplete(
                (batches, fault) -> {
                  running.decrementAndGet();
                  if (fault == null) {
                    counters.increment(ServerCounter.READS);
                    answer.complete(batches);
                  } else {
                    counters.increment(ServerCounter.READS_FAILED);
                    mishaps.take("reading the running batches", fault);
                    answer.completeExceptionally(
                        new UnreadException("the running batches can't be read at this moment"));
                  }
                });
    return answer;
  }
}
