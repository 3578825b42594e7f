package org.skymetrics.ui.members;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.Lists;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.seal.Secrets;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;

/**
 * Asks the members of the ring over their admin HTTP. Each question has a time limit and an answer
 * a length limit; what a member answers is not trusted but checked. Futures complete on an event
 * loop and never fail: a member that did not answer is a {@link Reply} with a fault.
 */
public final class MemberClient {
  private static final int MAX_BATCHES_BYTES = 64 << 20;
  private static final int MAX_KEYS_BYTES = 64 << 20;
  private static final int MAX_STATUS_BYTES = 4 << 20;
  private static final int MAX_WAITING = 512;
  private static final int CONNECTIONS_PER_MEMBER = 8;

  private static final int MAX_STREAMS = 512;

  /** What a server sends at once, and a second that is longer than that by itself. */
  private static final int MAX_MESSAGE_BYTES = 32 << 20;

  /** A member reads 64 KiB as the first line of a request. */
  private static final int MAX_QUERY_LENGTH = 60_000;

  private static final int MAX_SERIES = 1_000;

  /** Who does not answer while nobody is known. */
  private static final Member ANYBODY = new Member("the members", "unknown", 1, 0);

  private final Vertx vertx;
  private final HttpClient client;
  private final WebSocketClient streams;
  private final MemberList list;
  private final Map<String, NearMember> near;
  private final long timeoutMs;
  private final @Nullable Supplier<Secrets> secrets;
  private final Counters counters;
  private final ObjectMapper json = new ObjectMapper();

  /**
   * A client.
   *
   * @param near the members of this process, by name
   * @param secrets what the token is made from that members are shown; null for none
   */
  public MemberClient(
      Vertx vertx,
      MemberList list,
      Map<String, NearMember> near,
      Duration timeout,
      @Nullable Supplier<Secrets> secrets,
      Counters counters) {
    this.vertx = vertx;
    this.list = list;
    this.near = Map.copyOf(near);
    this.timeoutMs = Math.max(1, timeout.toMillis());
    this.secrets = secrets;
    this.counters = counters;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout((int) timeoutMs).setKeepAliveTimeout(20),
            new PoolOptions()
                .setHttp1MaxSize(CONNECTIONS_PER_MEMBER)
                .setMaxWaitQueueSize(MAX_WAITING));
    this.streams =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setMaxConnections(MAX_STREAMS)
                .setMaxFrameSize(MAX_MESSAGE_BYTES)
                .setMaxMessageSize(MAX_MESSAGE_BYTES));
  }

  /** Who is asked. */
  public List<Member> members() {
    return list.toAsk();
  }

  public MemberList list() {
    return list;
  }

  /**
   * Asks all members for the batches that history may not have yet, cut to these series, of periods
   * that start from {@code fromMs} on and before {@code toMs}.
   */
  public Future<List<Reply<List<Batch>>>> batches(List<Series> series, long fromMs, long toMs) {
    List<String> questions = new ArrayList<>();
    return askAll(
        member -> {
          NearMember here = near.get(member.name());
          if (here != null) {
            return batches(here, series, fromMs, toMs);
          }
          if (questions.isEmpty()) {
            questions.addAll(questions(series, fromMs, toMs));
          }
          return batches(member, questions);
        });
  }

  private Future<List<Batch>> batches(
      NearMember member, List<Series> series, long fromMs, long toMs) {
    Context context = vertx.getOrCreateContext();
    List<Future<List<Batch>>> answers = new ArrayList<>();
    for (List<Series> some : Lists.partition(series, MAX_SERIES)) {
      answers.add(Future.fromCompletionStage(member.batches(some, fromMs, toMs), context));
    }
    return Future.all(answers)
        .compose(
            all ->
                answers.size() == 1
                    ? answers.get(0)
                    : vertx.executeBlocking(() -> united(answers), false))
        .recover(
            fault -> Future.failedFuture(new NonsenseException(String.valueOf(fault.getMessage()))))
        .timeout(timeoutMs, TimeUnit.MILLISECONDS);
  }

  private static List<Batch> united(List<Future<List<Batch>>> answers) throws NonsenseException {
    // One that is told whole is told to each question.
    Set<Batch> parts = new LinkedHashSet<>();
    answers.forEach(answer -> parts.addAll(answer.result()));
    return BatchStream.unite(parts);
  }

  private Future<List<Batch>> batches(Member member, List<String> questions) {
    return batches(member, questions, 0, List.of());
  }

  /** Asks the questions from one on, some at a time: each has its own time limit. */
  private Future<List<Batch>> batches(
      Member member, List<String> questions, int from, List<Batch> before) {
    if (from >= questions.size()) {
      return Future.succeededFuture(before);
    }
    int to = Math.min(questions.size(), from + CONNECTIONS_PER_MEMBER);
    List<Future<Buffer>> answers = new ArrayList<>();
    for (String question : questions.subList(from, to)) {
      answers.add(get(member, question, MAX_BATCHES_BYTES));
    }
    return Future.all(answers)
        .compose(
            all ->
                vertx.executeBlocking(
                    () -> {
                      List<Batch> parts = new ArrayList<>(before);
                      for (Future<Buffer> answer : answers) {
                        parts.addAll(BatchStream.parse(answer.result().getBytes()));
                      }
                      return questions.size() == 1 ? parts : BatchStream.unite(parts);
                    },
                    false))
        .compose(parts -> batches(member, questions, to, parts));
  }

  /** The series in as many questions as it takes to keep each short. */
  static List<String> questions(List<Series> series, long fromMs, long toMs) {
    String head = "/v1/batches?from=" + fromMs + "&to=" + toMs;
    List<String> questions = new ArrayList<>();
    StringBuilder question = new StringBuilder(head);
    int count = 0;
    for (Series s : series) {
      String more =
          "&series="
              + URLEncoder.encode(s.kind().label() + ":" + s.key(), StandardCharsets.UTF_8)
                  .replace("+", "%20");
      if (count > 0
          && (count == MAX_SERIES || question.length() + more.length() > MAX_QUERY_LENGTH)) {
        questions.add(question.toString());
        question = new StringBuilder(head);
        count = 0;
      }
      question.append(more);
      count++;
    }
    if (count > 0) {
      questions.add(question.toString());
    }
    return questions;
  }

  /** Asks all members for their status, as they tell it. */
  public Future<List<Reply<JsonNode>>> status() {
    return askAll(
        member -> get(member, "/status", MAX_STATUS_BYTES).compose(body -> readTree(body)));
  }

  /** Asks one member for the series it met after those it told before. */
  public Future<Reply<KeysPage>> keys(Member member, long after) {
    return ask(
        member,
        m ->
            get(m, "/v1/keys?after=" + after, MAX_KEYS_BYTES)
                .compose(
                    body ->
                        vertx.executeBlocking(
                            () -> readKeys(json.readTree(body.getBytes())), false)));
  }

  /** Opens the stream of live seconds of one member. */
  public Future<Reply<WebSocket>> live(Member member) {
    return ask(member, this::openLive);
  }

  private Future<WebSocket> openLive(Member member) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost(member.host())
            .setPort(member.adminPort())
            .setURI("/v1/live")
            .setAllowOriginHeader(false)
            .setConnectTimeout(timeoutMs)
            .setTimeout(timeoutMs);
    if (secrets != null) {
      options.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + secrets.get().first().token());
    }
    return streams.connect(options);
  }

  private Future<JsonNode> readTree(Buffer body) {
    return vertx.executeBlocking(() -> json.readTree(body.getBytes()), false);
  }

  private static KeysPage readKeys(JsonNode root) throws NonsenseException {
    JsonNode incarnation = root.path("incarnation");
    JsonNode next = root.path("next");
    JsonNode keys = root.path("keys");
    if (!incarnation.isTextual() || !next.isIntegralNumber() || !keys.isArray()) {
      throw new NonsenseException("its list of keys lacks incarnation, next or keys");
    }
    Map<Series, Long> seenMs = new HashMap<>();
    for (JsonNode entry : keys) {
      Kind kind = Kind.byLabel(entry.path("kind").asText());
      String key = entry.path("key").asText();
      // A kind of a later version is not known here; the rest of the page is good.
      if (kind != null && Key.fault(key) == null) {
        seenMs.merge(new Series(Key.of(key), kind), entry.path("seenMs").asLong(), Math::max);
      }
    }
    return new KeysPage(incarnation.asText(), next.asLong(), seenMs);
  }

  private interface Question<T> {
    Future<T> ask(Member member);
  }

  private <T> Future<List<Reply<T>>> askAll(Question<T> question) {
    List<Future<Reply<T>>> replies = new ArrayList<>();
    members().forEach(member -> replies.add(ask(member, question)));
    String fault = list.fault();
    if (fault != null) {
      replies.add(Future.succeededFuture(Reply.failed(ANYBODY, fault)));
    }
    return Future.all(replies).map(all -> replies.stream().map(Future::result).toList());
  }

  private <T> Future<Reply<T>> ask(Member member, Question<T> question) {
    return question
        .ask(member)
        .map(value -> Reply.of(member, value))
        .otherwise(
            cause -> {
              counters.count(UiCounter.MEMBER_FAILURES);
              return Reply.failed(member, describe(cause));
            });
  }

  private Future<Buffer> get(Member member, String uri, int maxBytes) {
    if (member.adminPort() == 0) {
      return Future.failedFuture(new NonsenseException("its admin port is not known"));
    }
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(member.host())
            .setPort(member.adminPort())
            .setURI(uri)
            .setConnectTimeout(timeoutMs);
    if (secrets != null) {
      options.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + secrets.get().first().token());
    }
    Future<HttpClientRequest> request = client.request(options);
    // A request that is had only after the time is over is given back all the same.
    return request
        .compose(asked -> asked.send().compose(response -> read(response, maxBytes)))
        .timeout(timeoutMs, TimeUnit.MILLISECONDS)
        .onFailure(cause -> request.onSuccess(HttpClientRequest::reset));
  }

  private static Future<Buffer> read(HttpClientResponse response, int maxBytes) {
    if (response.statusCode() == 401) {
      return Future.failedFuture(new NonsenseException("it wants the token of another secret"));
    }
    if (response.statusCode() != 200) {
      return Future.failedFuture(new NonsenseException("HTTP " + response.statusCode()));
    }
    Promise<Buffer> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    response
        .handler(
            part -> {
              if (body.length() + part.length() > maxBytes) {
                promise.tryFail(
                    new NonsenseException("its answer is longer than " + maxBytes + " bytes"));
              } else {
                body.appendBuffer(part);
              }
            })
        .exceptionHandler(promise::tryFail)
        .endHandler(end -> promise.tryComplete(body));
    return promise.future();
  }

  private String describe(Throwable cause) {
    if (cause instanceof NonsenseException) {
      return String.valueOf(cause.getMessage());
    }
    if (cause instanceof TimeoutException) {
      return "no answer within " + timeoutMs + " ms";
    }
    if (cause instanceof ConnectException) {
      String message = String.valueOf(cause.getMessage());
      return message.contains("timed out")
          ? "no connection within " + timeoutMs + " ms"
          : "connection refused";
    }
    if (cause instanceof UpgradeRejectedException rejected) {
      return rejected.getStatus() == 401
          ? "it wants the token of another secret"
          : "HTTP " + rejected.getStatus();
    }
    if (cause instanceof UnknownHostException) {
      return "its host is unknown";
    }
    if (cause instanceof JsonProcessingException) {
      return "its answer is not JSON";
    }
    return cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }
}
