package org.skymetrics.ui.http;

import io.netty.handler.codec.DecoderException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.Map;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.live.Follower.Told;
import org.skymetrics.store.live.MessageLimit;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;
import org.skymetrics.ui.live.LiveHub;
import org.skymetrics.ui.live.PageSink;

/** {@code /api/live}: the WebSocket on which a page is told the live seconds. */
final class LiveSocket {
  static final String PATH = "/api/live";

  /** The longest message of a page. */
  static final int MAX_MESSAGE_BYTES = 64 << 10;

  private static final short NONSENSE = 1007;
  private static final short REFUSED = 1008;
  private static final long LOOK_MS = 10_000;

  private final Vertx vertx;
  private final LiveHub hub;
  private final Gate gate;
  private final Clock clock;
  private final Counters counters;

  LiveSocket(Vertx vertx, LiveHub hub, Gate gate, Clock clock, Counters counters) {
    this.vertx = vertx;
    this.hub = hub;
    this.gate = gate;
    this.clock = clock;
    this.counters = counters;
  }

  /**
   * Makes a request that passed the gate a socket.
   *
   * @throws HttpFault where it is none
   */
  void open(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.GET)) {
      throw new HttpFault(405, PATH + " takes GET", Map.of("Allow", "GET"));
    }
    if (!request.headers().contains(HttpHeaders.UPGRADE)) {
      throw new HttpFault(426, PATH + " is a WebSocket", Map.of("Upgrade", "websocket"));
    }
    counters.count(UiCounter.REQUESTS);
    request
        .toWebSocket()
        .onSuccess(socket -> serve(request, socket))
        .onFailure(fault -> counters.count(UiCounter.BAD_REQUESTS));
  }

  private void serve(HttpServerRequest request, ServerWebSocket socket) {
    LiveHub.Page page = hub.open(new Sink(socket));
    if (page == null) {
      close(socket, REFUSED, "there are as many pages as there may be");
      return;
    }
    MessageLimit limit = new MessageLimit(clock.monotonicNs());
    long look =
        vertx.setPeriodic(
            LOOK_MS,
            timer -> {
              if (!gate.isIn(request)) {
                close(socket, REFUSED, "the login is over");
              }
            });
    socket.closeHandler(
        closed -> {
          vertx.cancelTimer(look);
          page.close();
        });
    socket.exceptionHandler(this::countBad);
    socket.binaryMessageHandler(message -> refuse(socket, NONSENSE, "messages are JSON texts"));
    socket.textMessageHandler(
        text -> {
          if (limit.takes(clock.monotonicNs())) {
            take(page, socket, text);
          } else {
            refuse(socket, REFUSED, "more than " + MessageLimit.MAX_MESSAGES + " messages in 10 s");
          }
        });
  }

  private void take(LiveHub.Page page, ServerWebSocket socket, String text) {
    try {
      page.ask(LiveJson.parse(text));
    } catch (HttpFault e) {
      refuse(socket, NONSENSE, String.valueOf(e.getMessage()));
    }
  }

  /** Frames and messages that are too long or none; the connection is closed for them. */
  private void countBad(Throwable fault) {
    if (fault instanceof DecoderException || fault instanceof IllegalStateException) {
      counters.count(UiCounter.LIVE_MESSAGES_REFUSED);
    }
  }

  private void refuse(ServerWebSocket socket, short code, String why) {
    counters.count(UiCounter.LIVE_MESSAGES_REFUSED);
    close(socket, code, why);
  }

  private static void close(ServerWebSocket socket, short code, String why) {
    var unused = socket.close(code, why);
  }

  private record Sink(ServerWebSocket socket) implements PageSink {
    @Override
    public boolean isReady() {
      return !socket.isClosed() && !socket.writeQueueFull();
    }

    @Override
    public void send(Told told, List<String> partial) {
      var unused = socket.writeTextMessage(LiveJson.message(told, partial));
    }

    @Override
    public void refuse(String why) {
      close(socket, REFUSED, why);
    }
  }
}
