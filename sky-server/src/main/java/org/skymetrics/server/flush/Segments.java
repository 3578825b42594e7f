package org.skymetrics.server.flush;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.server.aggregate.Aggregator;
import org.skymetrics.server.aggregate.CellSink;
import org.skymetrics.server.aggregate.KeyLimits;
import org.skymetrics.server.aggregate.KeyLog;
import org.skymetrics.server.aggregate.OpenSegment;
import org.skymetrics.server.aggregate.SeriesQuery;
import org.skymetrics.server.aggregate.Table;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Mishaps;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.period.Layout;

/**
 * Seals segments and reads them, one after the other, so that each count is in exactly one named
 * batch of each answer.
 *
 * <p>A seal asks each receiving thread, by a task on its loop, to swap its table; when all have
 * given theirs, they are merged into batches named (incarnation, segment), which are registered as
 * unconfirmed. A read asks each receiving thread for copies of its cells in the open segment, and
 * adds what is unconfirmed. A read never runs while tables are swapped: it finds a segment either
 * in the tables that all threads count into, or in those that all have swapped, or sealed. That the
 * threads swap at different moments does no harm: what one counts after its swap is in the next
 * segment, and no read sees that one until all have swapped.
 *
 * <p>Merging hundreds of thousands of cells takes a good part of a second, in which reads go on:
 * the tables that were swapped change no more, so while an executor of its own makes batches of
 * them, each receiving thread copies from them too what is asked for. By the time a read has all
 * copies the segment may be sealed; then it takes the batches, and not the copies.
 *
 * <p>Nothing here blocks: an operation goes on when the last thread has answered, on this object's
 * own executor, which runs one task at a time.
 */
public final class Segments {
  private record Source(Executor loop, Aggregator aggregator, LongConsumer turn) {}

  private record ReadCell(Series series, long periodMs, Cell cell) {}

  /** What one thread has of the series that are read, in the open segment and in the sealed one. */
  private record Copies(List<ReadCell> open, List<ReadCell> sealing) {}

  private record Swapped(Source source, Table table) {}

  /** A segment of which batches are made. */
  private record Sealing(long segment, List<Swapped> tables) {
    void copyTo(Source source, SeriesQuery query, CellSink sink) {
      for (Swapped swapped : tables) {
        if (swapped.source().equals(source)) {
          swapped.table().copyTo(query, sink);
        }
      }
    }
  }

  private record Sealed(long segment, List<Batch> batches) {}

  private final long incarnation;
  private final Layout layout;
  private final Executor self;
  private final Executor sealer;
  private final Unconfirmed unconfirmed;
  private final KeyLog keys;
  private final Counters counters;
  private final Mishaps mishaps;
  private final List<Source> sources = new ArrayList<>();
  private volatile OpenSegment open;
  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
  private CompletableFuture<?> lastSeal = CompletableFuture.completedFuture(null);

  /** Written and read on this object's own executor only. */
  private @Nullable Sealing sealing;

  /**
   * Segments of a process.
   *
   * @param limits series at most in a segment
   * @param first the number of the first segment, higher than any that was used before
   * @param self runs one task at a time, in order
   * @param sealer runs what takes long
   */
  public Segments(
      long incarnation,
      Layout layout,
      KeyLimits limits,
      long first,
      Executor self,
      Executor sealer,
      Unconfirmed unconfirmed,
      KeyLog keys,
      Counters counters,
      Mishaps mishaps) {
    this.incarnation = incarnation;
    this.layout = layout;
    this.self = self;
    this.sealer = sealer;
    this.unconfirmed = unconfirmed;
    this.keys = keys;
    this.counters = counters;
    this.mishaps = mishaps;
    this.open = new OpenSegment(first, limits);
  }

  /** The segment that is counted into; while a seal runs, the next one. */
  public OpenSegment open() {
    return open;
  }

  /**
   * Adds a receiving thread, before anything is sealed or read.
   *
   * @param turn told on the loop, right before the table is swapped, which segment comes
   */
  public void add(Executor loop, Aggregator aggregator, LongConsumer turn) {
    sources.add(new Source(loop, aggregator, turn));
  }

  /** Ends the open segment. Gives the number of batches that were made of it. */
  public synchronized CompletableFuture<Integer> seal() {
    CompletableFuture<Integer> next =
        lastSeal
            .handle((result, fault) -> true)
            .thenCompose(done -> inTurn(this::swapAll))
            .thenApplyAsync(this::batchesOf, sealer)
            .thenApplyAsync(this::register, self);
    lastSeal = next;
    return next;
  }

  /**
   * The batches that history may not have yet, cut to the series and periods that are asked for,
   * each under its name.
   */
  public CompletableFuture<List<Batch>> read(SeriesQuery query) {
    return inTurn(() -> readNow(query, batches -> cut(batches, query)));
  }

  /**
   * {@link #read} without the cut of what is sealed: who finds series in a batch in this process
   * needs no copy of it.
   */
  public CompletableFuture<List<Batch>> readWhole(SeriesQuery query) {
    return inTurn(() -> readNow(query, batches -> ofShards(batches, query)));
  }

  private synchronized <T> CompletableFuture<T> inTurn(Supplier<CompletableFuture<T>> operation) {
    CompletableFuture<T> next =
        last.handle((result, fault) -> true).thenComposeAsync(done -> operation.get(), self);
    last = next;
    return next;
  }

  private CompletableFuture<Sealing> swapAll() {
    OpenSegment full = open;
    OpenSegment next = full.next(sources.size());
    open = next;
    return fromAll(
            source -> {
              source.turn().accept(next.number());
              return new Swapped(source, source.aggregator().swap(next));
            })
        .thenApplyAsync(
            tables -> {
              Sealing now = new Sealing(full.number(), tables);
              sealing = now;
              return now;
            },
            self);
  }

  private Sealed batchesOf(Sealing now) {
    BatchBuilder builder = builder(now.segment());
    now.tables().forEach(swapped -> swapped.table().giveTo(builder));
    return new Sealed(now.segment(), builder.build());
  }

  private int register(Sealed sealed) {
    long segment = sealed.segment();
    List<Batch> batches = sealed.batches();
    sealing = null;
    unconfirmed.hold(segment, batches);
    keys.forgetBefore(Math.min(segment + 1, unconfirmed.oldestSegment().orElse(segment + 1)));
    counters.increment(ServerCounter.SEGMENTS_SEALED);
    counters.add(ServerCounter.BATCHES_SEALED, batches.size());
    batches.forEach(b -> counters.add(ServerCounter.BATCH_BYTES_SEALED, b.bytes().length));
    return batches.size();
  }

  private CompletableFuture<List<Batch>> readNow(
      SeriesQuery query, Function<Stream<Batch>, List<Batch>> ofSealed) {
    long segment = open.number();
    Sealing before = sealing;
    return fromAllOrFail(source -> copies(source, query, before))
        .thenApplyAsync(
            parts -> {
              BatchBuilder builder = builder(segment);
              parts.forEach(copies -> copies.open().forEach(c -> give(c, builder)));
              List<Batch> answer = new ArrayList<>(builder.build());
              if (before != null && before.equals(sealing)) {
                BatchBuilder ofBefore = builder(before.segment());
                parts.forEach(copies -> copies.sealing().forEach(c -> give(c, ofBefore)));
                answer.addAll(ofBefore.build());
              }
              answer.addAll(
                  ofSealed.apply(
                      unconfirmed.all().stream()
                          .filter(batch -> query.holds(batch.place().startMs()))));
              return answer;
            },
            self);
  }

  private static Copies copies(Source source, SeriesQuery query, @Nullable Sealing before) {
    Copies copies = new Copies(new ArrayList<>(), new ArrayList<>());
    source
        .aggregator()
        .copyTo(query, (s, period, cell) -> copies.open().add(new ReadCell(s, period, cell)));
    if (before != null) {
      before.copyTo(
          source, query, (s, period, cell) -> copies.sealing().add(new ReadCell(s, period, cell)));
    }
    return copies;
  }

  private static void give(ReadCell cell, CellSink sink) {
    sink.cell(cell.series(), cell.periodMs(), cell.cell());
  }

  private Map<Integer, SortedSet<Series>> byShard(SeriesQuery query) {
    Map<Integer, SortedSet<Series>> shards = new HashMap<>();
    for (Series series : query.series()) {
      int shard = series.key().shard(layout.shards());
      shards.computeIfAbsent(shard, s -> new TreeSet<>()).add(series);
    }
    return shards;
  }

  private List<Batch> ofShards(Stream<Batch> batches, SeriesQuery query) {
    BitSet shards = new BitSet();
    query.series().forEach(series -> shards.set(series.key().shard(layout.shards())));
    return batches.filter(batch -> shards.get(batch.place().shard())).toList();
  }

  private List<Batch> cut(Stream<Batch> batches, SeriesQuery query) {
    Map<Integer, SortedSet<Series>> shards = byShard(query);
    List<Batch> cuts = new ArrayList<>();
    batches.forEach(batch -> cut(batch, shards, cuts));
    return cuts;
  }

  private static void cut(Batch batch, Map<Integer, SortedSet<Series>> shards, List<Batch> answer) {
    SortedSet<Series> wanted = shards.get(batch.place().shard());
    if (wanted == null) {
      return;
    }
    try {
      Batch cut = batch.only(wanted);
      if (cut != null) {
        answer.add(cut);
      }
    } catch (CorruptException e) {
      throw new IllegalStateException("a batch made here can't be read: " + batch, e);
    }
  }

  private BatchBuilder builder(long segment) {
    return new BatchBuilder(new BatchName(incarnation, segment), layout);
  }

  /** Asks all threads; one that fails is left out and counted, for the others' counts go on. */
  private <T> CompletableFuture<List<T>> fromAll(Function<Source, T> question) {
    List<CompletableFuture<@Nullable T>> answers = new ArrayList<>();
    for (Source source : sources) {
      answers.add(
          ask(source, question)
              .handle(
                  (answer, fault) -> {
                    if (fault != null) {
                      mishaps.take("swapping a table", fault);
                    }
                    return answer;
                  }));
    }
    return all(answers)
        .thenApply(x -> answers.stream().map(CompletableFuture::join).toList())
        .thenApply(given -> given.stream().filter(Objects::nonNull).<T>map(t -> t).toList());
  }

  /** Asks all threads; where one fails there is no answer. */
  private <T> CompletableFuture<List<T>> fromAllOrFail(Function<Source, T> question) {
    List<CompletableFuture<T>> answers = new ArrayList<>();
    for (Source source : sources) {
      answers.add(ask(source, question));
    }
    return all(answers).thenApply(x -> answers.stream().map(CompletableFuture::join).toList());
  }

  private static <T> CompletableFuture<T> ask(Source source, Function<Source, T> question) {
    try {
      return CompletableFuture.supplyAsync(() -> question.apply(source), source.loop());
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static CompletableFuture<Void> all(List<? extends CompletableFuture<?>> futures) {
    return CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0]));
  }
}
