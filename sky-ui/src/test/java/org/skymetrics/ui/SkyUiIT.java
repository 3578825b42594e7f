package org.skymetrics.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.time.Period;
import org.skymetrics.rollup.Rollup;
import org.skymetrics.rollup.RollupConfig;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.annotation.Annotations;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.DeletionList;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.chunk.Span;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.sqlite.SqliteHistoryStore;
import org.skymetrics.store.sqlite.SqlitePeriodStore;
import org.skymetrics.ui.count.Reading;
import org.skymetrics.ui.members.NearMember;

/** The server as a whole: real HTTP, real SQLite, members that answer what a test says. */
final class SkyUiIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 4);

  /** The start of a window of five minutes. */
  private static final long START_MS = 1_699_999_800_000L;

  private static final long START = START_MS / 1000;
  private static final Series REQUESTS = new Series(Key.of("requests"), Kind.COUNTER);
  private static final String OF_REQUESTS = "series=counter:requests";

  private static final List<String> NONSENSE =
      List.of(
          "/api/series",
          "/api/series?series=",
          "/api/series?series=requests",
          "/api/series?series=counter:",
          "/api/series?series=counter:a%7C%7Cb",
          "/api/series?series=dict:a",
          "/api/series?series=counter:a&from=yesterday",
          "/api/series?series=counter:a&from=1&to=1",
          "/api/series?series=counter:a&from=now&to=-1h",
          "/api/series?series=counter:a&from=1700000000000",
          "/api/series?series=counter:a&resolution=7s",
          "/api/series?series=counter:a&resolution=1x",
          "/api/series?series=counter:a&resolution=0",
          "/api/series?series=counter:a&resolution=1m&points=5",
          "/api/series?series=counter:a&resolution=1m&from=-30d",
          "/api/series?series=counter:a&points=0",
          "/api/series?series=counter:a&points=20001",
          "/api/series?series=counter:a&points=1e3",
          "/api/series?series=counter:a&points=",
          "/api/series?series=counter:a&buckets=yes",
          "/api/series?series=counter:a&format=xml",
          "/api/series?series=counter:a&form=-1h",
          "/api/series?series=counter:a&from=1&from=2",
          "/api/series?series=counter:%ff",
          "/api/series?&",
          "/api/series?match=counter:a%7C%7C*",
          "/api/series?match=a*",
          "/api/series?match=",
          "/api/series?match=counter:a*&series=counter:a",
          "/api/series?match=counter:a*&as=max",
          "/api/series?match=counter:a*&n=3",
          "/api/series?match=counter:a*&as=top&n=0",
          "/api/series?match=counter:a*&maxSeries=5001",
          "/api/series?series=counter:a&as=sum",
          "/api/keys?match=a%7C",
          "/api/keys?match=a*&prefix=a",
          "/api/keys?all=1",
          "/api/latest",
          "/api/latest?series=counter:a&from=1",
          "/api/annotations?from=now&to=-1h",
          "/api/annotations?from=0",
          "/api/annotations?day=1",
          "/api/dashboards?limit=1",
          "/api/series?series=counter:a&from=-9223372036854775808",
          "/api/series?series=counter:a&to=99999999999999999999",
          "/api/series?series=counter:a&from=-9999999999w",
          "/api/annotations?from=-1&to=-2",
          "/api/keys?limit=-1",
          "/api/search?q=a&limit=99999999999",
          "/api/search?q=" + "a".repeat(501),
          "/api/keys?limit=0",
          "/api/keys?limit=10001",
          "/api/keys?prefix=a%7C",
          "/api/keys?depth=2",
          "/api/ledger?series=counter:a",
          "/api/ledger?resolution=7s",
          "/api/search",
          "/api/search?q=",
          "/api/search?query=a",
          "/api/status?x=1",
          "/healthz?x",
          "/metrics?format=csv");

  @TempDir Path dir;

  private final ManualClock clock = new ManualClock(START_MS + 20 * 60_000 + 30_000);
  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private SqlitePeriodStore periods;
  private SqliteHistoryStore history;
  private FakeMember member;
  private SkyUi ui;

  @BeforeEach
  void start() throws IOException {
    periods = SqlitePeriodStore.open(dir, LAYOUT, clock, new StoreCounters());
    history = SqliteHistoryStore.open(dir);
    member = new FakeMember("one");
    ui = start(List.of(member.member()));
  }

  private SkyUi start(List<Member> members) {
    return start(members, Map.of());
  }

  private SkyUi start(List<Member> members, Map<String, NearMember> near) {
    UiConfig config =
        UiConfig.builder()
            .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .members(members)
            .near(near)
            .layout(LAYOUT)
            .keysInterval(Duration.ofMillis(20))
            .seenInterval(Duration.ofMillis(20))
            .historyInterval(Duration.ofMillis(20))
            .moreReadings(() -> List.of(new Reading("sky_other_things", "other things", 7)))
            .build();
    return SkyUi.start(config, periods, history, clock);
  }

  @AfterEach
  void stop() {
    ui.close();
    member.close();
    periods.close();
    history.close();
  }

  private HttpResponse<String> write(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ui.address().getPort() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void shouldMakeEditAndDeleteAnnotations() throws Exception {
    String body =
        "{\"label\":\"v1.2\",\"type\":\"deploy\",\"time\":" + START + ",\"tags\":[\"web\"]}";
    HttpResponse<String> made = write("POST", "/api/annotations", body);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String path = made.headers().firstValue("Location").orElseThrow();
    assertThat(write("POST", "/api/annotations", body).statusCode()).isEqualTo(200);
    assertThat(get(path).headers().firstValue("ETag")).contains("\"1\"");
    JsonNode found = json.readTree(get("/api/annotations?from=" + START + "&to=" + START).body());
    assertThat(found.at("/annotations/0/label").asText()).isEqualTo("v1.2");
    assertThat(found.at("/annotations/0/time").asLong()).isEqualTo(START);
    assertThat(found.at("/annotations")).hasSize(1);

    String edit = "{\"label\":\"v1.3\",\"time\":" + (START + 90_000) + ".5}";
    assertThat(write("PUT", path, edit).statusCode()).isEqualTo(428);
    assertThat(write("PUT", path, edit, "If-Match", "\"2\"").statusCode()).isEqualTo(412);
    HttpResponse<String> edited = write("PUT", path, edit, "If-Match", "\"1\"");
    assertThat(edited.statusCode()).as(edited.body()).isEqualTo(200);
    assertThat(json.readTree(edited.body()).get("version").asInt()).isEqualTo(2);
    assertThat(json.readTree(edited.body()).get("type").asText()).isEqualTo("info");
    String all = "/api/annotations?from=" + (START - 1000) + "&to=" + (START + 100_000);
    assertThat(json.readTree(get(all).body()).at("/annotations/0/time").asDouble())
        .isEqualTo(START + 90_000.5);

    assertThat(write("DELETE", path, "", "If-Match", "\"1\"").statusCode()).isEqualTo(412);
    assertThat(write("DELETE", path, "", "If-Match", "*").statusCode()).isEqualTo(200);
    assertThat(get(path).statusCode()).isEqualTo(404);
    assertThat(json.readTree(get(all).body()).at("/annotations")).isEmpty();
    // Made again from the same words it is there again, in a version of its own.
    assertThat(json.readTree(write("POST", "/api/annotations", body).body()).get("version").asInt())
        .isEqualTo(4);
  }

  @Test
  void shouldShowAnnotationsThatAreNotInHistoryYet() throws Exception {
    Annotation event = Annotation.of(START_MS, START_MS, "up", "error", "", "", List.of());
    periods.putAnnotations(List.of(event));
    String both = get("/api/annotations?from=" + START + "&to=" + (START + 1)).body();
    assertThat(json.readTree(both).at("/annotations/0/id").asText())
        .isEqualTo(event.id().toString());
    new Annotations(history).put(List.of(event));
    assertThat(get("/api/annotations?from=" + START + "&to=" + (START + 1)).body()).isEqualTo(both);
  }

  @Test
  void shouldRefuseAnnotationsThatAreNone() throws Exception {
    for (String bad :
        List.of(
            "",
            "{",
            "[]",
            "{}",
            "{\"label\":\"\"}",
            "{\"label\":5}",
            "{\"label\":\"a\",\"type\":\"No such\"}",
            "{\"label\":\"a\",\"time\":\"yesterday\"}",
            "{\"label\":\"a\",\"time\":-1}",
            "{\"label\":\"a\",\"time\":1e300}",
            "{\"label\":\"a\",\"time\":5,\"end\":4}",
            "{\"label\":\"a\",\"tags\":\"x\"}",
            "{\"label\":\"a\",\"tags\":[1]}",
            "{\"label\":\"a\",\"color\":\"red\"}",
            "{\"label\":\"" + "x".repeat(501) + "\"}")) {
      HttpResponse<String> answer = write("POST", "/api/annotations", bad);
      assertThat(answer.statusCode()).as("%s: %s", bad, answer.body()).isEqualTo(400);
      assertThat(json.readTree(answer.body()).get("error").asText()).isNotEmpty();
    }
    String good = "{\"label\":\"a\"}";
    assertThat(write("POST", "/api/annotations", "x".repeat(70_000)).statusCode()).isEqualTo(413);
    assertThat(write("PUT", "/api/annotations", good).statusCode()).isEqualTo(405);
    assertThat(write("PUT", "/api/annotations/x", good).statusCode()).isEqualTo(404);
    assertThat(write("POST", "/api/annotations/x", good).headers().firstValue("Allow"))
        .contains("DELETE, GET, HEAD, PUT");
    assertThat(
            write("POST", "/api/annotations", good, "Origin", "http://evil.example").statusCode())
        .isEqualTo(403);
    String own = "http://127.0.0.1:" + ui.address().getPort();
    assertThat(write("POST", "/api/annotations", good, "Origin", own).statusCode()).isEqualTo(201);
    HttpRequest form =
        HttpRequest.newBuilder(URI.create(own + "/api/annotations"))
            .header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString(good))
            .build();
    assertThat(http.send(form, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(415);
  }

  @Test
  void shouldKeepRenameAndDeleteDashboards() throws Exception {
    String content = "{\"charts\":[{\"series\":[\"counter:a|b\"]}],\"span\":900}";
    HttpResponse<String> made =
        write("POST", "/api/dashboards", "{\"name\":\"Web\",\"content\":" + content + "}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String path = made.headers().firstValue("Location").orElseThrow();
    HttpResponse<String> read = get(path);
    assertThat(read.headers().firstValue("ETag")).contains("\"1\"");
    assertThat(json.readTree(read.body()).get("content")).isEqualTo(json.readTree(content));
    JsonNode listed = ok("/api/dashboards").get("dashboards");
    assertThat(listed).hasSize(1);
    assertThat(listed.at("/0/name").asText()).isEqualTo("Web");
    assertThat(listed.get(0).has("content")).isFalse();

    // As it was read, but for the name: what an answer has may be given back.
    String renamed = read.body().replace("\"Web\"", "\"Shop\"");
    assertThat(write("PUT", path, renamed).statusCode()).isEqualTo(428);
    assertThat(write("PUT", path, renamed, "If-Match", "\"1\"").statusCode()).isEqualTo(200);
    HttpResponse<String> second = write("PUT", path, read.body(), "If-Match", "\"1\"");
    assertThat(second.statusCode()).isEqualTo(412);
    assertThat(json.readTree(second.body()).get("error").asText()).contains("version 2");
    assertThat(ok(path).get("name").asText()).isEqualTo("Shop");
    assertThat(ok(path).get("version").asInt()).isEqualTo(2);
    assertThat(ok("/api/status").at("/counters/sky_ui_edits_overtaken").asInt()).isEqualTo(1);

    assertThat(write("DELETE", path, "", "If-Match", "\"1\"").statusCode()).isEqualTo(412);
    assertThat(write("DELETE", path, "", "If-Match", "\"2\"").statusCode()).isEqualTo(200);
    assertThat(get(path).statusCode()).isEqualTo(404);
    assertThat(ok("/api/dashboards").get("dashboards")).isEmpty();
  }

  @Test
  void shouldRefuseDashboardsThatAreNone() throws Exception {
    String large = "\"" + "x".repeat(50_000) + "\"";
    for (String bad :
        List.of(
            "",
            "{",
            "[]",
            "null",
            "{\"name\":\"a\"}",
            "{\"name\":\"a\",\"content\":[]}",
            "{\"name\":\"a\",\"content\":\"{}\"}",
            "{\"name\":\" \",\"content\":{}}",
            "{\"name\":5,\"content\":{}}",
            "{\"name\":\"" + "x".repeat(201) + "\",\"content\":{}}",
            "{\"name\":\"a\",\"content\":{\"charts\":" + large + "}}",
            "{\"name\":\"a\",\"content\":" + "[".repeat(2000) + "}",
            "{\"name\":\"a\",\"content\":{},\"owner\":\"me\"}")) {
      HttpResponse<String> answer = write("POST", "/api/dashboards", bad);
      assertThat(answer.statusCode()).as("%s: %s", bad, answer.body()).isEqualTo(400);
      assertThat(json.readTree(answer.body()).get("error").asText()).isNotEmpty();
    }
    String good = "{\"name\":\"a\",\"content\":{}}";
    assertThat(write("POST", "/api/dashboards", "x".repeat(70_000)).statusCode()).isEqualTo(413);
    assertThat(write("DELETE", "/api/dashboards", good).statusCode()).isEqualTo(405);
    assertThat(write("PUT", "/api/dashboards/x", good).statusCode()).isEqualTo(404);
    assertThat(
            write("PUT", "/api/dashboards/" + "0".repeat(16), good, "If-Match", "*").statusCode())
        .isEqualTo(404);
    assertThat(write("POST", "/api/dashboards", good, "Origin", "http://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(ok("/api/dashboards").get("dashboards")).isEmpty();
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    return send("GET", path, headers);
  }

  private HttpResponse<String> send(String method, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ui.address().getPort() + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode ok(String path) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return json.readTree(response.body());
  }

  private static Batch counter(int minute, long segment, long n) {
    CounterCell cell = new CounterCell();
    cell.add(n);
    return batch(REQUESTS, minute, segment, cell);
  }

  private static Batch batch(Series series, int minute, long segment, Cell cell) {
    ShardPeriod place =
        new ShardPeriod(series.key().shard(LAYOUT.shards()), START_MS + minute * 60_000L);
    return Batch.of(new BatchName(1, segment), place, 60_000, new TreeMap<>(Map.of(series, cell)));
  }

  private void rollUp() {
    Rollup.create(RollupConfig.defaults(), periods, history, clock).runOnce();
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is over").isLessThan(end);
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static String enc(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Batch ledger(int minute, long segment, Key key, long n) {
    CounterCell cell = new CounterCell();
    cell.add(n);
    return batch(new Series(key, Kind.COUNTER), minute, segment, cell);
  }

  @Test
  void shouldSayWhatBecameOfPacketsByMinuteAndCause() throws Exception {
    periods.put(
        List.of(
            ledger(1, 1, Outcome.SENT, 12),
            ledger(1, 2, Outcome.COUNTED.key(), 8),
            ledger(1, 3, Outcome.LOST.key(), 3),
            ledger(2, 4, Outcome.SENT, 5),
            ledger(2, 5, Outcome.COUNTED.key(), 4)));
    rollUp();
    periods.put(List.of(ledger(2, 6, Outcome.FULL.key(), 2)));
    JsonNode answer = ok("/api/ledger?from=" + START + "&to=" + (START + 600) + "&resolution=1m");
    assertThat(answer.get("totals"))
        .isEqualTo(
            json.readTree(
                "{\"sent\":17,\"counted\":12,\"lost\":3,\"duplicate\":0,\"late\":0,"
                    + "\"refused\":{\"full\":2}}"));
    assertThat(answer.get("points")).hasSize(2);
    assertThat(answer.get("points").get(0).get("sent").asLong()).isEqualTo(12);
    assertThat(answer.get("points").get(0).has("open")).isFalse();
    assertThat(answer.get("points").get(1).get("refused").get("full").asLong()).isEqualTo(2);
    assertThat(answer.get("points").get(1).get("open").asBoolean()).isTrue();
    JsonNode coarse = ok("/api/ledger?from=" + START + "&to=" + (START + 600) + "&points=2");
    assertThat(coarse.get("totals")).isEqualTo(answer.get("totals"));
  }

  @Test
  void shouldUniteMembersMailboxesAndHistory() throws Exception {
    periods.put(List.of(counter(1, 1, 10), counter(2, 1, 20)));
    rollUp();
    periods.put(List.of(counter(2, 2, 300)));
    member.batches.add(counter(2, 2, 1));
    member.batches.add(counter(2, 1, 1));
    member.batches.add(counter(20, 3, 4000));

    JsonNode answer = ok("/api/series?" + OF_REQUESTS + "&from=" + START + "&to=now&resolution=1m");

    assertThat(answer.path("from").asLong()).isEqualTo(START);
    assertThat(answer.path("to").asLong()).isEqualTo(START + 21 * 60);
    assertThat(answer.path("resolution").asInt()).isEqualTo(60);
    assertThat(answer.path("partial")).isEmpty();
    JsonNode line = answer.path("series").path(0);
    assertThat(line.path("total").asLong()).isEqualTo(4330);
    assertThat(line.path("points").toString())
        .isEqualTo(
            "["
                + point(1, 10, false)
                + ","
                + point(2, 320, true)
                + ","
                + point(20, 4000, true)
                + "]");
    JsonNode coarse = ok("/api/series?" + OF_REQUESTS + "&from=" + START + "&resolution=5m");
    assertThat(coarse.path("series").path(0).path("total").asLong()).isEqualTo(4330);
    JsonNode first = coarse.path("series").path(0).path("points").path(0);
    assertThat(first.path("periods").asInt()).isEqualTo(2);
    assertThat(first.path("min").asInt()).isEqualTo(10);
    assertThat(first.path("max").asInt()).isEqualTo(320);
  }

  private static String point(int minute, long n, boolean open) {
    return "{\"time\":%d,\"value\":%d,\"min\":%d,\"max\":%d,\"sumSquares\":%d,\"periods\":1%s}"
        .formatted(START + minute * 60, n, n, n, n * n, open ? ",\"open\":true" : "");
  }

  private static Batch child(String child, int minute, long segment, long n) {
    CounterCell cell = new CounterCell();
    cell.add(n);
    return batch(new Series(Key.of("requests|" + child), Kind.COUNTER), minute, segment, cell);
  }

  @Test
  void shouldAnswerTheSumTheListAndTheGreatestOfWhatMatches() throws Exception {
    periods.put(
        List.of(
            child("env:prod,a", 1, 1, 10),
            child("env:prod,b", 2, 2, 20),
            child("env:test", 2, 3, 400)));
    rollUp();
    member.batches.add(child("env:prod,c", 20, 4, 3000));
    member.keys.add(new Series(Key.of("requests|env:prod,c"), Kind.COUNTER));
    String match = "match=counter:requests%7C*env:prod*&from=" + START + "&resolution=1m";
    await(() -> matched(match) == 3);

    JsonNode sum = ok("/api/series?" + match);
    assertThat(sum.path("match").toString())
        .isEqualTo(
            "{\"pattern\":\"requests|*env:prod*\",\"kind\":\"counter\",\"as\":\"sum\",\"matched\":3}");
    assertThat(sum.path("partial")).isEmpty();
    assertThat(sum.path("series")).hasSize(1);
    assertThat(sum.path("series").path(0).path("total").asLong()).isEqualTo(3030);
    assertThat(sum.path("series").path(0).path("points").toString())
        .isEqualTo(
            "["
                + point(1, 10, false)
                + ","
                + point(2, 20, false)
                + ","
                + point(20, 3000, true)
                + "]");
    assertThat(
            ok("/api/series?" + match.replace("1m", "5m"))
                .path("series")
                .path(0)
                .path("points")
                .path(0)
                .toString())
        .isEqualTo("{\"time\":" + START + ",\"value\":30}");
    JsonNode top = ok("/api/series?" + match + "&as=top&n=2").path("series");
    assertThat(top)
        .extracting(line -> line.path("key").asText())
        .containsExactly("requests|env:prod,c", "requests|env:prod,b");
    assertThat(ok("/api/series?" + match + "&as=list").path("series")).hasSize(3);
    HttpResponse<String> tooMany = get("/api/series?" + match + "&maxSeries=2");
    assertThat(tooMany.statusCode()).isEqualTo(400);
    assertThat(tooMany.body())
        .contains("counter:requests|*env:prod* matches 3 series, and at most 2", "maxSeries=3");
    JsonNode none = ok("/api/series?match=counter:no*").path("series");
    assertThat(none.path(0).path("total").asInt()).isZero();
  }

  private int matched(String match) {
    try {
      return ok("/api/series?" + match).path("match").path("matched").asInt();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldListWhatWasSeenLatelyAndForgetWhatWasDeleted() throws Exception {
    periods.put(List.of(counter(1, 1, 10), child("a", 1, 2, 5), child("b", 1, 3, 5)));
    rollUp();
    await(() -> segments("/api/keys?prefix=requests").equals("a b"));
    Series gone = new Series(Key.of("requests|a"), Kind.COUNTER);
    history.put(
        DeletionList.historyKey(gone.key().shard(LAYOUT.shards())),
        DeletionList.empty().with(Map.of(gone, START_MS + 120_000)).toBytes(),
        Context.NONE);
    await(() -> segments("/api/keys?prefix=requests").equals("b"));
    assertThat(segments("/api/search?q=requests")).isEqualTo("requests b");
    assertThat(
            ok("/api/series?series=counter:requests%7Ca&from=" + START)
                .path("series")
                .path(0)
                .path("total")
                .asInt())
        .isZero();

    clock.advance(Duration.ofDays(7));
    assertThat(segments("/api/keys?prefix=requests")).isEmpty();
    assertThat(segments("/api/keys?prefix=requests&all=true")).isEqualTo("b");
    assertThat(segments("/api/keys?match=requests%7C*")).isEqualTo("b");
    assertThat(segments("/api/search?q=requests")).isEqualTo("requests b");
  }

  private String segments(String path) {
    try {
      List<String> names = new ArrayList<>();
      ok(path).path("keys").forEach(key -> names.add(key.path("segment").asText()));
      return String.join(" ", names);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldNameMembersThatDoNotAnswer() throws Exception {
    periods.put(List.of(counter(1, 1, 10)));
    ui.close();
    FakeMember gone = new FakeMember("gone");
    gone.close();
    ui = start(List.of(member.member(), gone.member(), new Member("mute", "127.0.0.1", 1, 0)));

    JsonNode answer = ok("/api/series?" + OF_REQUESTS + "&from=" + START);

    assertThat(answer.path("partial"))
        .extracting(JsonNode::asText)
        .containsExactly("gone: connection refused", "mute: its admin port is not known");
    assertThat(answer.path("series").path(0).path("total").asInt()).isEqualTo(10);

    member.status = 500;
    assertThat(ok("/api/latest?" + OF_REQUESTS).path("partial").path(0).asText())
        .isEqualTo("one: HTTP 500");
    member.status = 200;
    member.nonsense = new byte[] {0, 0, 0, 9, 1};
    assertThat(ok("/api/latest?" + OF_REQUESTS).path("partial").path(0).asText())
        .startsWith("one: its batches end early");
  }

  @Test
  void shouldAskAMemberOfItsProcessWithoutHttp() throws Exception {
    ui.close();
    FakeMember gone = new FakeMember("gone");
    gone.close();
    List<Integer> asked = new CopyOnWriteArrayList<>();
    Supplier<CompletionStage<List<Batch>>> held =
        () -> CompletableFuture.completedStage(List.of(counter(20, 1, 7)));
    AtomicReference<Supplier<CompletionStage<List<Batch>>>> answer = new AtomicReference<>(held);
    NearMember here =
        (series, fromMs, toMs) -> {
          asked.add(series.size());
          return answer.get().get();
        };
    ui = start(List.of(member.member(), gone.member()), Map.of("gone", here));
    member.batches.add(counter(20, 2, 3));

    assertThat(ok("/api/latest?" + OF_REQUESTS).at("/series/0/point/value").asInt()).isEqualTo(10);
    assertThat(ok("/api/latest?" + OF_REQUESTS).path("partial")).isEmpty();
    assertThat(asked).containsOnly(1);

    answer.set(() -> CompletableFuture.failedStage(new IllegalStateException("it is full")));
    JsonNode partial = ok("/api/latest?" + OF_REQUESTS);
    assertThat(partial.at("/partial/0").asText()).isEqualTo("gone: it is full");
    assertThat(partial.at("/series/0/point/value").asInt()).isEqualTo(3);
  }

  @Test
  void shouldNameDamagedHistory() throws Exception {
    periods.put(List.of(counter(1, 1, 10), counter(2, 1, 20)));
    rollUp();
    ShardPeriod place = counter(1, 1, 1).place();
    long hour = Span.HOUR.startOf(place.startMs());
    String key = new ChunkPlace(Span.HOUR, 60_000, place.shard(), hour, 0, 0).historyKey();
    history.put(key, new byte[] {1, 2}, history.get(key).context());
    String query = "/api/series?" + OF_REQUESTS + "&from=" + START + "&resolution=1m";
    JsonNode answer = ok(query);
    assertThat(answer.path("partial").path(0).asText()).startsWith("history: " + key);
    // Its blocks are still there.
    assertThat(answer.path("series").path(0).path("total").asInt()).isEqualTo(30);

    String block = Block.historyKey(place);
    history.put(block, new byte[] {1, 2}, history.get(block).context());
    answer = ok(query);
    assertThat(answer.path("partial").toString()).contains(key).contains(block);
    assertThat(answer.path("series").path(0).path("total").asInt()).isEqualTo(20);
  }

  @Test
  void shouldAnswerEachKindWithItsFields() throws Exception {
    GaugeCell gauge = new GaugeCell();
    gauge.set(1.5, START_MS);
    gauge.set(2.5, START_MS + 1);
    HistogramCell histogram = new HistogramCell();
    for (int i = 1; i <= 100; i++) {
      histogram.record(i);
    }
    CounterCell fraction = new CounterCell();
    fraction.add(2.5);
    periods.put(
        List.of(
            batch(new Series(Key.of("heap"), Kind.GAUGE), 1, 1, gauge),
            batch(new Series(Key.of("ms"), Kind.HISTOGRAM), 1, 2, histogram),
            batch(new Series(Key.of("half"), Kind.COUNTER), 1, 3, fraction)));
    rollUp();

    JsonNode lines =
        ok("/api/series?series=gauge:heap&series=histogram:ms&series=counter:half&from="
                + START
                + "&resolution=1m&buckets=true")
            .path("series");

    JsonNode heap = lines.path(0).path("points").path(0);
    assertThat(heap.path("value").asDouble()).isEqualTo(2.5);
    assertThat(heap.path("mean").asDouble()).isEqualTo(2);
    assertThat(heap.path("count").asInt()).isEqualTo(2);
    assertThat(heap.path("sumSquares").asDouble()).isEqualTo(8.5);
    JsonNode ms = lines.path(1).path("points").path(0);
    assertThat(ms.path("p50").asDouble()).isBetween(49.5, 50.5);
    assertThat(ms.path("p99").asDouble()).isBetween(98.0, 100.0);
    assertThat(ms.path("buckets")).hasSizeGreaterThan(50);
    assertThat(ms.path("buckets").path(0)).hasSize(3);
    assertThat(lines.path(1).path("total").asInt()).isEqualTo(100);
    assertThat(lines.path(2).path("points").path(0).path("value").asDouble()).isEqualTo(2.5);
  }

  @Test
  void shouldTagClosedRangesAndAnswer304() throws Exception {
    periods.put(List.of(counter(1, 1, 10)));
    rollUp();
    String path =
        "/api/series?" + OF_REQUESTS + "&from=" + START + "&to=" + (START + 600) + "&points=10";
    String tag = get(path).headers().firstValue("ETag").orElseThrow();

    clock.advance(Duration.ofSeconds(40));
    HttpResponse<String> again = get(path, "If-None-Match", "\"x\", " + tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();

    periods.put(List.of(counter(1, 2, 5)));
    assertThat(get(path, "If-None-Match", tag).headers().firstValue("ETag")).isEmpty();
    rollUp();
    HttpResponse<String> changed = get(path, "If-None-Match", tag);
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(changed.headers().firstValue("ETag").orElseThrow()).isNotEqualTo(tag);
    assertThat(get("/api/series?" + OF_REQUESTS).headers().firstValue("ETag")).isEmpty();
  }

  @Test
  void shouldGiveTheNewestPoint() throws Exception {
    periods.put(List.of(counter(12, 1, 10), counter(15, 1, 20), counter(3, 1, 1)));
    JsonNode answer = ok("/api/latest?" + OF_REQUESTS + "&series=counter:none");
    assertThat(answer.path("series").path(0).path("point").path("value").asInt()).isEqualTo(20);
    assertThat(answer.path("series").path(1).path("point").isNull()).isTrue();
    member.batches.add(counter(20, 2, 33));
    JsonNode running = ok("/api/latest?" + OF_REQUESTS);
    assertThat(running.path("series").path(0).path("point").path("value").asInt()).isEqualTo(33);
  }

  @Test
  void shouldAnswerCsv() throws Exception {
    periods.put(List.of(counter(1, 1, 10)));
    rollUp();
    String path =
        "/api/series?" + OF_REQUESTS + "&resolution=1m&to=" + (START + 120) + "&from=" + START;
    String expected =
        "series,time,open,value,count,sum,min,max,mean,sumSquares,periods,p50,p90,p99\r\n"
            + "\"counter:requests\","
            + (START + 60)
            + ",false,10,,,10,10,,100,1,,,\r\n";

    assertThat(get(path + "&format=csv").body()).isEqualTo(expected);
    HttpResponse<String> negotiated = get(path, "Accept", "text/csv, application/json;q=0.5");
    assertThat(negotiated.body()).isEqualTo(expected);
    assertThat(negotiated.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/csv");
    assertThat(get(path, "Accept", "*/*").body()).startsWith("{");
  }

  @Test
  void shouldNeverGiveMorePointsThanAskedFor() throws Exception {
    List<Batch> batches = new ArrayList<>();
    for (int minute = 0; minute < 20; minute++) {
      batches.add(counter(minute, 1, 1));
    }
    periods.put(batches);
    for (int points : new int[] {1, 2, 3, 7, 19, 20}) {
      JsonNode line =
          ok("/api/series?" + OF_REQUESTS + "&from=" + START + "&points=" + points)
              .path("series")
              .path(0);
      assertThat(line.path("points").size()).isBetween(1, points);
      assertThat(line.path("total").asInt()).isEqualTo(20);
    }
  }

  @Test
  void shouldListKeysOfMembersPeriodStoreAndHistory() throws Exception {
    periods.put(List.of(counter(1, 1, 10)));
    rollUp();
    member.keys.add(new Series(Key.of("fresh|one"), Kind.COUNTER));
    await(() -> keys("/api/keys").equals(List.of("fresh", "requests")));
    assertThat(keys("/api/keys?prefix=" + enc("fresh"))).containsExactly("fresh|one");

    member.keys.add(new Series(Key.of("fresh|two"), Kind.GAUGE));
    await(() -> keys("/api/search?q=FRESH").equals(List.of("fresh|one", "fresh|two")));

    member.keys.clear();
    member.incarnation = "b2";
    member.keys.add(new Series(Key.of("after"), Kind.COUNTER));
    await(() -> keys("/api/keys?limit=1").equals(List.of("after")));
    assertThat(ok("/api/keys?limit=1").path("truncated").asBoolean()).isTrue();
    await(() -> member.asked.stream().anyMatch(q -> q.equals("/v1/keys?after=1")));
  }

  private List<String> keys(String path) {
    try {
      List<String> keys = new ArrayList<>();
      ok(path).path("keys").forEach(entry -> keys.add(entry.path("key").asText()));
      return keys;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldSayHowItIs() throws Exception {
    assertThat(get("/healthz").body()).isEqualTo("ok\n");
    await(
        () -> {
          try {
            return get("/readyz").statusCode() == 200;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    periods.put(List.of(counter(1, 1, 10)));
    JsonNode status = ok("/api/status");
    assertThat(status.path("members").path(0).path("status").path("lanes").asInt()).isEqualTo(3);
    assertThat(status.path("stores").path("period").path("waiting").asInt()).isEqualTo(1);
    assertThat(status.path("lagSeconds").asLong()).isEqualTo(18 * 60 + 30);
    assertThat(status.path("counters").path("sky_other_things").asInt()).isEqualTo(7);
    assertThat(get("/metrics").body())
        .contains("# TYPE sky_ui_requests_total counter\nsky_ui_requests_total ")
        .contains("sky_other_things_total 7\n");
  }

  @Test
  void shouldRefuseNonsenseWithASentence() throws Exception {
    for (String path : NONSENSE) {
      HttpResponse<String> response = get(path);
      assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(400);
      assertThat(response.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("application/json");
      assertThat(json.readTree(response.body()).path("error").asText())
          .as(path)
          .hasSizeGreaterThan(15);
    }
  }

  @Test
  void shouldRefuseTooManySeries() throws Exception {
    StringBuilder path = new StringBuilder("/api/latest?series=counter:a");
    for (int i = 0; i < 100; i++) {
      path.append("&series=counter:").append(enc("\u00e4".repeat(240) + i));
    }
    assertThat(get(path.toString()).body()).contains("at most 100 series");
    assertThat(get(path.substring(0, path.lastIndexOf("&"))).statusCode()).isEqualTo(200);
  }

  @Test
  void shouldAnswer404InJson() throws Exception {
    for (String path : List.of("/api", "/api/nothing", "/favicon.ico", "/api/series/x", "/%00")) {
      HttpResponse<String> response = get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(404);
      assertThat(json.readTree(response.body()).path("error").asText()).isNotEmpty();
    }
  }

  @Test
  void shouldAnswer405WithWhatIsAllowed() throws Exception {
    for (String method : List.of("POST", "DELETE", "PUT", "PATCH", "OPTIONS")) {
      for (String path : List.of("/api/series", "/api/keys", "/metrics", "/api/status")) {
        HttpResponse<String> response = send(method, path);
        assertThat(response.statusCode()).as("%s %s", method, path).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
      }
    }
  }

  @Test
  void shouldAnswerHeadWithoutABody() throws Exception {
    HttpResponse<String> head = send("HEAD", "/api/keys");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(send("HEAD", "/api/latest").statusCode()).isEqualTo(400);
  }

  @Test
  void shouldServeThePageAndItsFilesAndNothingElse() throws Exception {
    HttpResponse<String> page = get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type"))
        .hasValueSatisfying(t -> assertThat(t).startsWith("text/html"));
    assertThat(page.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy ->
                assertThat(policy)
                    .contains("default-src 'none'", "script-src 'self'")
                    .doesNotContain("unsafe"));
    // No script of its own in the page, and none from elsewhere.
    assertThat(page.body())
        .doesNotContain("http://", "https://", "onclick", "style=")
        .doesNotContainPattern("<script(?![^>]* src=)");
    for (String file :
        List.of("/app.js", "/chart.js", "/style.css", "/icon.svg", "/lib/d3.min.js")) {
      assertThat(get(file).statusCode()).as(file).isEqualTo(200);
    }
    for (String file :
        List.of(
            "/lib/d3.js.map", "/nothing.js", "/..%2fpom.xml", "/lib/", "/META-INF/MANIFEST.MF")) {
      assertThat(get(file).statusCode()).as(file).isBetween(400, 499);
    }
  }

  @Test
  void shouldKeepForeignHostsOut() throws Exception {
    assertThat(raw("GET /api/keys HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 403 ");
    assertThat(raw("GET /api/keys HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 403 ");
    assertThat(raw("GET /api/keys HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void shouldSurviveWhatIsNotHttp() throws Exception {
    assertThat(raw("\u0000\u0001\u0002\r\n\r\n")).startsWith("HTTP/1.");
    assertThat(raw("GET /" + "a".repeat(300_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .contains("414");
    assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(40_000) + "\r\n\r\n"))
        .contains("431");
    assertThat(
            raw(
                "GET /api/keys?prefix=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(raw("GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 4");
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ui.address().getPort())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      try {
        out.write(request.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
      } catch (IOException e) {
        // The server may hang up before it has read all that it refuses.
      }
      InputStream in = socket.getInputStream();
      byte[] start = in.readNBytes(12);
      byte[] rest = new byte[0];
      try {
        rest = in.readNBytes(4000);
      } catch (IOException e) {
        // As above.
      }
      return new String(start, StandardCharsets.ISO_8859_1)
          + new String(rest, StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void shouldAnswer503WhereAStoreIsAway() throws Exception {
    periods.close();
    HttpResponse<String> response = get("/api/latest?" + OF_REQUESTS);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
    assertThat(response.body()).contains("a store is away");
    await(
        () -> {
          try {
            return get("/readyz").statusCode() == 503;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    assertThat(ok("/api/status").path("stores").path("period").has("error")).isTrue();
  }

  @Test
  void shouldSayWhenItsPortIsInUse() {
    UiConfig config = UiConfig.builder().http(ui.address()).layout(LAYOUT).build();
    assertThatThrownBy(() -> SkyUi.start(config, periods, history, clock))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("can't listen on 127.0.0.1:" + ui.address().getPort());
  }

  @Test
  void shouldIgnoreForeignValuesInHistory() throws Exception {
    history.put("keys/0", new byte[] {1}, Context.NONE);
    assertThat(ok("/api/keys").path("keys")).isEmpty();
  }
}
