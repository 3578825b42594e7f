package org.skymetrics.server.live;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Mishaps;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.live.WatchTable.SecondCell;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.live.Follower;
import org.skymetrics.store.live.SecondBook;
import org.skymetrics.store.live.SecondMessage;
import org.skymetrics.store.live.WatchRequest;
import org.skymetrics.store.live.Watchers;

/**
 * The live seconds of a server: who watches what, what was counted of it in each second, and the
 * streams that tell it. At each second of the wall clock every receiving thread is asked, by a task
 * on its loop, for what it counted since it was asked before; when all have answered, what they
 * gave is entered in the book, and each stream is told what it lacks. All servers with good clocks
 * do so at the same moment.
 *
 * <p>A second is never told before all threads gave theirs, and a task to watch a series runs on
 * each loop before the one that ends the running second: so from the second after that, the series
 * is known whole.
 *
 * <p>All state belongs to this object's own executor, which runs one task at a time; nothing here
 * blocks.
 */
public final class LiveFeed {
  private static final int MAX_STREAMS = 16;
  private static final int MAX_SERIES = 10_000;
  private static final long MAX_BOOK_BYTES = 64L << 20;

  /** A clock set back by less is waited for. */
  private static final long WAITED_FOR_S = 3;

  private final Executor self;
  private final Clock clock;
  private final Counters counters;
  private final Mishaps mishaps;
  private final List<Source> sources = new ArrayList<>();
  private final Watchers watchers = new Watchers(MAX_SERIES);
  private final SecondBook book = new SecondBook(MAX_BOOK_BYTES);
  private final Set<Stream> streams = new LinkedHashSet<>();
  private final AtomicInteger open = new AtomicInteger();
  private long version;

  /** The second that is open on all threads, when they have done what they were asked. */
  private long openSecond;

  private boolean isCutting;

  private record Source(Executor loop, LiveCounts counts) {}

  /**
   * A feed.
   *
   * @param self runs one task at a time, in order
   */
  public LiveFeed(Executor self, Clock clock, Counters counters, Mishaps mishaps) {
    this.self = self;
    this.clock = clock;
    this.counters = counters;
    this.mishaps = mishaps;
    this.openSecond = nowSecond();
    book.advance(openSecond);
  }

  /** Adds a receiving thread: all of them, before anything is watched. */
  public void add(Executor loop, LiveCounts counts) {
    sources.add(new Source(loop, counts));
  }

  private long nowSecond() {
    return Math.floorDiv(clock.wallMs(), 1000L);
  }

  /** Milliseconds until {@link #tick} is due next: the clock's next second. */
  public long untilTickMs() {
    return 1000 - Math.floorMod(clock.wallMs(), 1000L);
  }

  /** Opens a stream; null where there are too many. From any thread. */
  public @Nullable Stream open(LiveSink sink) {
    if (open.incrementAndGet() > MAX_STREAMS) {
      open.decrementAndGet();
      counters.increment(ServerCounter.LIVE_STREAMS_REFUSED);
      return null;
    }
    Stream stream = new Stream(sink);
    self.execute(() -> streams.add(stream));
    return stream;
  }

  /** Ends the open second where the clock says so. To be called on this object's own executor. */
  public void tick() {
    long now = nowSecond();
    if (isCutting || (now <= openSecond && now + WAITED_FOR_S > openSecond)) {
      return;
    }
    boolean isBack = now < openSecond;
    if (isBack) {
      book.restart(now, now + 1);
    }
    var unused = cut(now, isBack);
  }

  /**
   * Tells what was counted in the second that is open, as if it were over: nothing is counted any
   * more. From any thread; what is given is done when it is told.
   */
  public CompletableFuture<Long> end() {
    CompletableFuture<Long> told = new CompletableFuture<>();
    self.execute(
        () -> {
          var unused = cut(openSecond + 1, false).thenAccept(told::complete);
        });
    return told;
  }

  /** Ends the open second, and gives when that is told: the one that is open then. */
  private CompletableFuture<Long> cut(long now, boolean isBack) {
    openSecond = now;
    isCutting = true;
    return ask(source -> source.counts().cut(now))
        .thenApplyAsync(
            cells -> {
              isCutting = false;
              enter(now, isBack ? List.of() : cells);
              return now;
            },
            self)
        .exceptionally(
            fault -> {
              mishaps.take("telling live seconds", fault);
              return now;
            });
  }

  private void enter(long to, List<SecondCell> cells) {
    version++;
    for (SecondCell cell : cells) {
      book.merge(cell.second(), cell.series(), cell.cell(), version);
    }
    counters.add(ServerCounter.LIVE_SECONDS_FORGOTTEN, book.advance(to));
    drop(watchers.expire(clock.monotonicNs()));
    streams.forEach(Stream::tell);
  }

  private void drop(List<Series> series) {
    if (!series.isEmpty()) {
      series.forEach(book::drop);
      tellAll(source -> source.counts().unwatch(series));
    }
  }

  private void tellAll(Task task) {
    var unused =
        ask(
            source -> {
              task.run(source);
              return List.of();
            });
  }

  private interface Task {
    void run(Source source);
  }

  private interface Question {
    List<SecondCell> ask(Source source);
  }

  /** What all threads answer; one that fails is counted, and the others' answers go on. */
  private CompletableFuture<List<SecondCell>> ask(Question question) {
    CompletableFuture<List<SecondCell>> all = CompletableFuture.completedFuture(new ArrayList<>());
    for (Source source : sources) {
      all = all.thenCombine(ask(source, question), LiveFeed::joined);
    }
    return all;
  }

  private static List<SecondCell> joined(List<SecondCell> before, List<SecondCell> more) {
    before.addAll(more);
    return before;
  }

  private CompletableFuture<List<SecondCell>> ask(Source source, Question question) {
    try {
      return CompletableFuture.supplyAsync(() -> question.ask(source), source.loop())
          .exceptionally(
              fault -> {
                mishaps.take("keeping live seconds", fault);
                return List.of();
              });
    } catch (RejectedExecutionException e) {
      // The thread has ended, as all do when the server stops.
      return CompletableFuture.completedFuture(List.of());
    }
  }

  /** A reader, and what it was told. */
  public final class Stream {
    private final LiveSink sink;
    private final Follower follower = new Follower();

    private Stream(LiveSink sink) {
      this.sink = sink;
    }

    /** From any thread. */
    public void ask(WatchRequest request) {
      self.execute(() -> take(request));
    }

    /** The reader is gone. From any thread; to be called once. */
    public void close() {
      open.decrementAndGet();
      self.execute(
          () -> {
            streams.remove(this);
            long nowNs = clock.monotonicNs();
            follower.series().forEach(series -> watchers.remove(series, nowNs));
          });
    }

    private void take(WatchRequest request) {
      if (!streams.contains(this)) {
        return;
      }
      for (Series series : request.unwatch()) {
        if (follower.unwatch(series)) {
          watchers.remove(series, clock.monotonicNs());
        }
      }
      List<Series> anew = new ArrayList<>();
      for (Series series : request.watch()) {
        if (!follower.watches(series)) {
          if (!hasRoomFor(series)) {
            counters.increment(ServerCounter.LIVE_WATCHES_REFUSED);
            sink.refuse("at most " + MAX_SERIES + " series are watched at a time");
            break;
          }
          if (watchers.add(series)) {
            book.keep(series, openSecond + 1);
            anew.add(series);
          }
        }
        follower.watch(series, request.since());
      }
      tellAll(source -> source.counts().watch(anew));
    }

    private boolean hasRoomFor(Series series) {
      if (watchers.isKept(series) || watchers.hasRoom()) {
        return true;
      }
      Series evicted = watchers.evict(clock.monotonicNs());
      if (evicted != null) {
        drop(List.of(evicted));
      }
      return evicted != null;
    }

    private void tell() {
      if (sink.isReady()) {
        sink.send(
            SecondMessage.toBytes(
                follower.next(book, book.to(), version, SecondMessage.MAX_BYTES)));
      } else {
        counters.increment(ServerCounter.LIVE_MESSAGES_SKIPPED);
      }
    }
  }
}
