package org.skymetrics.ui.live;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.live.Follower;
import org.skymetrics.store.live.Follower.Told;
import org.skymetrics.store.live.SecondBook;
import org.skymetrics.store.live.WatchRequest;
import org.skymetrics.store.live.Watchers;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;
import org.skymetrics.ui.members.MemberClient;

/**
 * Where the live seconds of all members come together and go out to the pages. A second is told as
 * soon as all members that tell anything told it, or a quarter of a second after the first one;
 * what comes later goes out with the next. A page that did not take the message before is left out
 * until it did, and then told all that it lacks.
 *
 * <p>All state belongs to one context; pages may come from any thread.
 */
public final class LiveHub {
  /** How many pages there may be. */
  public static final int MAX_PAGES = 512;

  /** How many series a page may watch. */
  public static final int MAX_SERIES_OF_PAGE = 500;

  private static final int MAX_SERIES = 10_000;
  private static final int MAX_MESSAGE_BYTES = 1 << 20;
  private static final long LOOK_MS = 300;
  private static final long GRACE_MS = 250;
  private static final long SILENCE_NS = 1_500_000_000L;

  private final Vertx vertx;
  private final Context context;
  private final MemberClient members;
  private final Clock clock;
  private final Counters counters;
  private final MergedSeconds seconds;
  private final Watchers watchers = new Watchers(MAX_SERIES);
  private final Map<Member, MemberStream> streams = new HashMap<>();
  private final Set<Page> pages = new LinkedHashSet<>();
  private final AtomicInteger open = new AtomicInteger();
  private long publishedTo;
  private long publishedNs;
  private boolean isGraceRunning;
  private volatile boolean closed;

  public LiveHub(
      Vertx vertx,
      MemberClient members,
      Clock clock,
      Counters counters,
      BiFunction<Series, Cell, byte[]> wording) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.members = members;
    this.clock = clock;
    this.counters = counters;
    this.seconds = new MergedSeconds(wording::apply);
    this.publishedNs = clock.monotonicNs();
  }

  /** Begins, and goes on until closed. */
  public void start() {
    context.runOnContext(x -> look());
  }

  public void close() {
    closed = true;
    context.runOnContext(x -> streams.values().forEach(MemberStream::close));
  }

  /** Follows the members that there are, and says so to pages where nobody tells anything. */
  private void look() {
    if (closed) {
      return;
    }
    Set<Member> present = new HashSet<>(members.members());
    present.removeIf(member -> member.adminPort() == 0);
    streams.values().removeIf(stream -> isGone(stream, present));
    for (Member member : present) {
      if (!streams.containsKey(member)) {
        MemberStream stream = new MemberStream(member, members, context, this, clock, counters);
        streams.put(member, stream);
        stream.open();
      }
    }
    streams.values().forEach(MemberStream::check);
    if (clock.monotonicNs() - publishedNs > SILENCE_NS) {
      publish();
    }
    drop(watchers.expire(clock.monotonicNs()));
    var unused = vertx.setTimer(LOOK_MS, timer -> context.runOnContext(x -> look()));
  }

  private boolean isGone(MemberStream stream, Set<Member> present) {
    boolean gone = !present.contains(stream.member());
    if (gone) {
      stream.close();
      seconds.disconnect(stream.member().name());
    }
    return gone;
  }

  void opened(MemberStream stream) {
    String name = stream.member().name();
    seconds.connect(name);
    stream.ask(watchers.series(), List.of(), seconds.to(name));
  }

  void lost(MemberStream stream) {
    seconds.disconnect(stream.member().name());
    publishIfComplete();
  }

  void told(MemberStream stream, Told told) {
    int forgotten = seconds.take(stream.member().name(), told);
    counters.add(UiCounter.LIVE_SECONDS_FORGOTTEN, forgotten);
    // The stream counts as live from its first message on, which is this one at the earliest.
    context.runOnContext(x -> publishIfComplete());
  }

  private long newest() {
    long newest = 0;
    for (MemberStream stream : streams.values()) {
      if (stream.isLive()) {
        newest = Math.max(newest, seconds.to(stream.member().name()));
      }
    }
    return newest;
  }

  private boolean isBehind(MemberStream stream, long newest) {
    return stream.isLive() && seconds.to(stream.member().name()) < newest;
  }

  private void publishIfComplete() {
    long newest = newest();
    if (newest == publishedTo || newest == 0) {
      return;
    }
    if (streams.values().stream().noneMatch(stream -> isBehind(stream, newest))) {
      publish();
    } else if (!isGraceRunning) {
      isGraceRunning = true;
      var unused =
          vertx.setTimer(
              GRACE_MS,
              timer ->
                  context.runOnContext(
                      x -> {
                        isGraceRunning = false;
                        if (newest() != publishedTo) {
                          publish();
                        }
                      }));
    }
  }

  private void publish() {
    long newest = newest();
    if (newest != 0) {
      publishedTo = newest;
      seconds.forgetBefore(newest - SecondBook.KEPT_SECONDS);
    }
    publishedNs = clock.monotonicNs();
    List<String> partial = partial(newest);
    pages.forEach(page -> page.tell(partial));
  }

  private List<String> partial(long newest) {
    List<String> partial = new ArrayList<>();
    for (MemberStream stream : streams.values()) {
      String name = stream.member().name();
      if (!stream.isLive()) {
        partial.add(name + ": " + stream.fault());
      } else if (isBehind(stream, newest)) {
        partial.add(name + ": its newest second is not here yet");
      }
    }
    String fault = members.list().fault();
    if (fault != null) {
      partial.add("the members: " + fault);
    } else if (streams.isEmpty()) {
      partial.add("the members: there are none");
    }
    return partial;
  }

  private void drop(List<Series> series) {
    if (!series.isEmpty()) {
      series.forEach(seconds::drop);
      streams.values().forEach(stream -> stream.ask(List.of(), series, 0));
    }
  }

  /** One more page; null where there are too many. From any thread. */
  public @Nullable Page open(PageSink sink) {
    if (open.incrementAndGet() > MAX_PAGES) {
      open.decrementAndGet();
      counters.count(UiCounter.LIVE_SOCKETS_REFUSED);
      return null;
    }
    Page page = new Page(sink);
    context.runOnContext(x -> pages.add(page));
    return page;
  }

  /** A page, and what it was told. */
  public final class Page {
    private final PageSink sink;
    private final Follower follower = new Follower();

    private Page(PageSink sink) {
      this.sink = sink;
    }

    /** From any thread. */
    public void ask(WatchRequest request) {
      context.runOnContext(x -> take(request));
    }

    /** It is gone. From any thread; to be called once. */
    public void close() {
      open.decrementAndGet();
      context.runOnContext(
          x -> {
            pages.remove(this);
            long nowNs = clock.monotonicNs();
            follower.series().forEach(series -> watchers.remove(series, nowNs));
          });
    }

    private void take(WatchRequest request) {
      if (!pages.contains(this)) {
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
          String fault = roomFault(series);
          if (fault != null) {
            counters.count(UiCounter.LIVE_WATCHES_REFUSED);
            sink.refuse(fault);
            break;
          }
          if (watchers.add(series)) {
            anew.add(series);
          }
        }
        follower.watch(series, request.since());
      }
      streams.values().forEach(stream -> stream.ask(anew, List.of(), 0));
    }

    private @Nullable String roomFault(Series series) {
      if (follower.size() >= MAX_SERIES_OF_PAGE) {
        return "a page watches at most " + MAX_SERIES_OF_PAGE + " series";
      }
      if (watchers.isKept(series) || watchers.hasRoom()) {
        return null;
      }
      Series evicted = watchers.evict(clock.monotonicNs());
      if (evicted == null) {
        return "all pages together watch at most " + MAX_SERIES + " series";
      }
      drop(List.of(evicted));
      return null;
    }

    private void tell(List<String> partial) {
      if (sink.isReady()) {
        sink.send(
            follower.next(seconds, publishedTo, seconds.version(), MAX_MESSAGE_BYTES), partial);
      } else {
        counters.count(UiCounter.LIVE_MESSAGES_SKIPPED);
      }
    }
  }
}
