package org.skymetrics.server.admin;

import io.netty.handler.codec.DecoderException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.live.LiveFeed;
import org.skymetrics.server.live.LiveSink;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.live.MessageLimit;
import org.skymetrics.store.live.WatchRequest;

/** {@code /v1/live}: the stream of live seconds, over a WebSocket. */
final class LiveRoute {
  private static final short NONSENSE = 1007;
  private static final short REFUSED = 1008;

  private final LiveFeed feed;
  private final Clock clock;
  private final Counters counters;

  LiveRoute(LiveFeed feed, Clock clock, Counters counters) {
    this.feed = feed;
    this.clock = clock;
    this.counters = counters;
  }

  void addTo(Router router) {
    router.get("/v1/live").handler(this::open);
  }

  private void open(RoutingContext request) {
    if (!request.request().headers().contains(HttpHeaders.UPGRADE)) {
      request.response().putHeader(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET);
      Answers.error(request, 426, "this is a WebSocket");
      return;
    }
    // No rule of browsers keeps a page of others from opening one; but its origin is told.
    if (request.request().headers().contains(HttpHeaders.ORIGIN)) {
      counters.increment(ServerCounter.ADMIN_REFUSED);
      Answers.error(request, 403, "web pages can't read this");
      return;
    }
    request
        .request()
        .toWebSocket()
        .onSuccess(this::serve)
        .onFailure(fault -> counters.increment(ServerCounter.LIVE_STREAMS_REFUSED));
  }

  private void serve(ServerWebSocket socket) {
    LiveFeed.Stream stream = feed.open(new SocketSink(socket));
    if (stream == null) {
      close(socket, REFUSED, "there are as many streams as there may be");
      return;
    }
    MessageLimit limit = new MessageLimit(clock.monotonicNs());
    socket.closeHandler(closed -> stream.close());
    socket.exceptionHandler(this::countBad);
    socket.textMessageHandler(text -> refuse(socket, NONSENSE, "requests are binary"));
    socket.binaryMessageHandler(
        message -> {
          if (limit.takes(clock.monotonicNs())) {
            take(stream, socket, message);
          } else {
            refuse(socket, REFUSED, "more than 100 messages in 10 s");
          }
        });
  }

  private void take(LiveFeed.Stream stream, ServerWebSocket socket, Buffer message) {
    try {
      stream.ask(WatchRequest.parse(message.getBytes()));
    } catch (CorruptException e) {
      refuse(socket, NONSENSE, String.valueOf(e.getMessage()));
    }
  }

  /** Frames and messages that are too long or none; the connection is closed for them. */
  private void countBad(Throwable fault) {
    if (fault instanceof DecoderException || fault instanceof IllegalStateException) {
      counters.increment(ServerCounter.LIVE_MESSAGES_REFUSED);
    }
  }

  private void refuse(ServerWebSocket socket, short code, String why) {
    counters.increment(ServerCounter.LIVE_MESSAGES_REFUSED);
    close(socket, code, why);
  }

  private static void close(ServerWebSocket socket, short code, String why) {
    var unused = socket.close(code, why);
  }

  private record SocketSink(ServerWebSocket socket) implements LiveSink {
    @Override
    public boolean isReady() {
      return !socket.isClosed() && !socket.writeQueueFull();
    }

    @Override
    public void send(byte[] message) {
      var unused = socket.writeBinaryMessage(Buffer.buffer(message));
    }

    @Override
    public void refuse(String why) {
      close(socket, REFUSED, why);
    }
  }
}
