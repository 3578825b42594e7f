package org.skymetrics.ui.live;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.live.SecondMessage;
import org.skymetrics.store.live.WatchRequest;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;
import org.skymetrics.ui.members.MemberClient;
import org.skymetrics.ui.members.Reply;

/**
 * The stream of live seconds from one member: opened, and opened again when it ends. All of it
 * happens on the hub's context.
 */
final class MemberStream {
  private static final long FIRST_WAIT_MS = 200;
  private static final long MAX_WAIT_MS = 2_000;

  /** A member tells each second; one that does not is gone, whatever TCP knows. */
  private static final long SILENT_NS = 4_000_000_000L;

  private final Member member;
  private final MemberClient members;
  private final Context context;
  private final LiveHub hub;
  private final Clock clock;
  private final Counters counters;
  private @Nullable WebSocket socket;
  private String fault = "not connected yet";
  private long waitMs = FIRST_WAIT_MS;
  private long heardNs;
  private boolean hasTold;
  private boolean closed;

  MemberStream(
      Member member,
      MemberClient members,
      Context context,
      LiveHub hub,
      Clock clock,
      Counters counters) {
    this.member = member;
    this.members = members;
    this.context = context;
    this.hub = hub;
    this.clock = clock;
    this.counters = counters;
  }

  Member member() {
    return member;
  }

  /** Whether it is open, and has told something. */
  boolean isLive() {
    return socket != null && hasTold;
  }

  /** Why it is not live. */
  String fault() {
    return fault;
  }

  void open() {
    var unused =
        members.live(member).onComplete(done -> context.runOnContext(x -> opened(done.result())));
  }

  private void opened(@Nullable Reply<WebSocket> reply) {
    WebSocket made = reply == null ? null : reply.value();
    if (made == null) {
      lost(reply == null ? "not asked" : String.valueOf(reply.fault()));
      return;
    }
    if (closed) {
      var unused = made.close();
      return;
    }
    socket = made;
    heardNs = clock.monotonicNs();
    made.binaryMessageHandler(message -> context.runOnContext(x -> take(made, message)));
    made.closeHandler(x -> context.runOnContext(y -> ended(made)));
    made.exceptionHandler(e -> context.runOnContext(y -> ended(made)));
    if (made.isClosed()) {
      ended(made);
    } else {
      hub.opened(this);
    }
  }

  private void ended(WebSocket which) {
    if (which == socket) {
      String reason = which.closeReason();
      lost(reason == null ? "its stream of live seconds ended" : reason);
    }
  }

  private void lost(String why) {
    boolean wasOpen = socket != null;
    socket = null;
    hasTold = false;
    fault = why;
    if (closed) {
      return;
    }
    if (wasOpen) {
      counters.count(UiCounter.LIVE_STREAMS_LOST);
      hub.lost(this);
    }
    var unused = context.owner().setTimer(waitMs, timer -> context.runOnContext(x -> openAgain()));
    waitMs = Math.min(MAX_WAIT_MS, 2 * waitMs);
  }

  private void openAgain() {
    if (!closed) {
      open();
    }
  }

  private void take(WebSocket from, Buffer message) {
    if (from != socket) {
      return;
    }
    try {
      hub.told(this, SecondMessage.parse(message.getBytes()));
      heardNs = clock.monotonicNs();
      waitMs = FIRST_WAIT_MS;
      hasTold = true;
    } catch (CorruptException e) {
      drop("what it streams is nonsense");
    }
  }

  /** Asks the member; nothing where it is not open, for it is asked for all when it is. */
  void ask(List<Series> watch, List<Series> unwatch, long since) {
    WebSocket to = socket;
    int n = Math.max(watch.size(), unwatch.size());
    for (int i = 0; to != null && i < n; i += WatchRequest.MAX_SERIES) {
      WatchRequest request = new WatchRequest(part(watch, i), part(unwatch, i), since);
      var unused = to.writeBinaryMessage(Buffer.buffer(request.toBytes()));
    }
  }

  private static List<Series> part(List<Series> all, int from) {
    int end = Math.min(all.size(), from + WatchRequest.MAX_SERIES);
    return from >= end ? List.of() : all.subList(from, end);
  }

  /** Gives up a stream that is silent. */
  void check() {
    if (socket != null && clock.monotonicNs() - heardNs > SILENT_NS) {
      drop("it tells no live seconds");
    }
  }

  private void drop(String why) {
    WebSocket which = socket;
    lost(why);
    if (which != null) {
      var unused = which.close();
    }
  }

  /** The member is no more. */
  void close() {
    closed = true;
    WebSocket which = socket;
    socket = null;
    if (which != null) {
      var unused = which.close();
    }
  }
}
