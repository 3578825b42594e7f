package org.skymetrics.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.time.Period;
import org.skymetrics.rollup.Rollup;
import org.skymetrics.rollup.RollupConfig;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.sqlite.SqliteHistoryStore;
import org.skymetrics.store.sqlite.SqlitePeriodStore;

/** What a step is made of, and what a member owns: real HTTP, real SQLite, two members. */
final class ExplainIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 4);
  private static final long START_MS = 1_699_999_800_000L;
  private static final long START = START_MS / 1000;
  private static final Key REQUESTS = Key.of("requests");

  @TempDir Path dir;

  private final ManualClock clock = new ManualClock(START_MS + 20 * 60_000 + 30_000);
  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private SqlitePeriodStore periods;
  private SqliteHistoryStore history;
  private FakeMember one;
  private FakeMember two;
  private SkyUi ui;

  @BeforeEach
  void start() throws IOException {
    periods = SqlitePeriodStore.open(dir, LAYOUT, clock, new StoreCounters());
    history = SqliteHistoryStore.open(dir);
    one = new FakeMember("one");
    two = new FakeMember("two");
    two.journal = "0000000000000002";
    ui =
        SkyUi.start(
            UiConfig.builder()
                .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .members(List.of(one.member(), two.member()))
                .layout(LAYOUT)
                .keysInterval(Duration.ofMillis(20))
                .seenInterval(Duration.ofMillis(20))
                .historyInterval(Duration.ofMillis(20))
                .build(),
            periods,
            history,
            clock);
  }

  @AfterEach
  void stop() {
    ui.close();
    one.close();
    two.close();
    periods.close();
    history.close();
  }

  private static Batch counted(long incarnation, long segment, int minute, Key key, long n) {
    CounterCell cell = new CounterCell();
    cell.add(n);
    ShardPeriod place = new ShardPeriod(key.shard(LAYOUT.shards()), START_MS + minute * 60_000L);
    return Batch.of(
        new BatchName(incarnation, segment),
        place,
        60_000,
        new TreeMap<>(Map.of(new Series(key, Kind.COUNTER), cell)));
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + ui.address().getPort() + path);
    return http.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode ok(String path) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return json.readTree(response.body());
  }

  @Test
  void shouldTellOfWhichServersAStepIsMadeAndWhatBecameOfItsPackets() throws Exception {
    // In history, in the mailbox, with the server; one of them in two places.
    periods.put(
        List.of(
            counted(1, 7, 3, REQUESTS, 10),
            counted(1, 8, 3, Outcome.SENT, 4),
            counted(1, 9, 3, Outcome.COUNTED.key(), 3),
            counted(1, 10, 3, Outcome.FULL.key(), 1),
            counted(1, 11, 4, REQUESTS, 1000)));
    Rollup.create(RollupConfig.defaults(), periods, history, clock).runOnce();
    periods.put(List.of(counted(2, 1, 3, REQUESTS, 20), counted(2, 2, 3, Outcome.SENT, 2)));
    periods.put(List.of(counted(9, 1, 3, Key.of("sky>client|counts_ambiguous"), 6)));
    two.batches.add(counted(2, 1, 3, REQUESTS, 20));
    two.batches.add(counted(2, 3, 3, REQUESTS, 5));
    two.batches.add(counted(2, 4, 3, Outcome.LATE.key(), 2));

    JsonNode step = ok("/api/explain?series=counter:requests&time=" + (START + 3 * 60 + 17));

    assertThat(step.path("from").asLong()).isEqualTo(START + 180);
    assertThat(step.path("to").asLong()).isEqualTo(START + 240);
    assertThat(step.path("partial")).isEmpty();
    assertThat(step.path("series").path(0).path("point").path("value").asLong()).isEqualTo(35);
    assertThat(step.path("packets"))
        .isEqualTo(
            json.readTree(
                "{\"sent\":6,\"counted\":3,\"lost\":0,\"duplicate\":0,\"late\":2,"
                    + "\"refused\":{\"full\":1}}"));
    assertThat(step.path("losses")).isEqualTo(json.readTree("{\"sky>client|counts_ambiguous\":6}"));
    assertThat(step.path("servers")).hasSize(3);
    JsonNode first = step.path("servers").path(0);
    assertThat(first.path("name").asText()).isEqualTo("one");
    assertThat(first.path("batches"))
        .isEqualTo(json.readTree("{\"server\":0,\"mailbox\":0,\"history\":4}"));
    assertThat(first.path("series").path(0).path("point").path("value").asLong()).isEqualTo(10);
    assertThat(first.path("packets").path("refused").path("full").asLong()).isEqualTo(1);
    JsonNode second = step.path("servers").path(1);
    assertThat(second.path("name").asText()).isEqualTo("two");
    assertThat(second.path("batches"))
        .isEqualTo(json.readTree("{\"server\":2,\"mailbox\":2,\"history\":0}"));
    assertThat(second.path("series").path(0).path("point").path("value").asLong()).isEqualTo(25);
    assertThat(second.path("packets").path("late").asLong()).isEqualTo(2);
    assertThat(step.path("servers").path(2).path("name").isNull()).isTrue();
  }

  @Test
  void shouldTellTheWholeOfALongStepAndNoServersOfIt() throws Exception {
    periods.put(List.of(counted(1, 7, 3, REQUESTS, 10), counted(2, 7, 9, REQUESTS, 1)));

    String path = "/api/explain?series=counter:requests&resolution=1h&time=" + START;

    assertThat(ok(path).path("series").path(0).path("point").path("value").asLong()).isEqualTo(11);
    assertThat(ok(path).path("servers").isNull()).isTrue();
  }

  @Test
  void shouldExplainAStepInWhichNothingCame() throws Exception {
    JsonNode step = ok("/api/explain?series=counter:nothing&time=" + START);

    assertThat(step.path("series").path(0).path("point").isNull()).isTrue();
    assertThat(step.path("servers")).isEmpty();
    assertThat(step.path("packets").path("sent").asLong()).isZero();
  }

  @Test
  void shouldGiveTheLatestOfEachMembersKeysPageByPage() throws Exception {
    Set<String> all = new TreeSet<>();
    List<Batch> batches = new ArrayList<>();
    for (int i : IntStream.range(0, 40).toArray()) {
      all.add("counter:k|" + i);
      batches.add(counted(1, i, 18, Key.of("k|" + i), i + 1));
    }
    periods.put(batches);
    while (ok("/api/keys?match=" + encoded("k|*")).path("keys").size() < 40) {
      LockSupport.parkNanos(5_000_000);
    }

    Set<String> seen = new TreeSet<>();
    for (String member : List.of("one", "two")) {
      Set<String> own = new TreeSet<>();
      String after = "";
      do {
        JsonNode page = ok("/api/latest?limit=7&member=" + member + after);
        assertThat(page.path("series").size()).isBetween(0, 7);
        for (JsonNode series : page.path("series")) {
          assertThat(own.add(series.path("series").asText())).isTrue();
          int i = Integer.parseInt(series.path("key").asText().substring(2));
          assertThat(series.path("point").path("value").asInt()).isEqualTo(i + 1);
        }
        JsonNode next = page.path("next");
        after = next.isNull() ? null : "&after=" + encoded(next.asText());
      } while (after != null);
      assertThat(own).isNotEmpty();
      assertThat(seen).doesNotContainAnyElementsOf(own);
      seen.addAll(own);
    }
    assertThat(seen).isEqualTo(all);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void shouldRefuseNonsense() throws Exception {
    StringBuilder many = new StringBuilder("/api/explain?time=now");
    IntStream.range(0, 21).forEach(i -> many.append("&series=counter:a").append(i));
    for (String path :
        List.of(
            "/api/explain",
            "/api/explain?time=yesterday",
            "/api/explain?time=now&resolution=7s",
            "/api/explain?time=now&resolution=-1m",
            "/api/explain?time=now&series=requests",
            "/api/explain?time=now&from=1",
            many.toString(),
            "/api/latest?member=one&series=counter:a",
            "/api/latest?member=one&limit=0",
            "/api/latest?member=one&limit=1001",
            "/api/latest?member=one&after=a%7C",
            "/api/latest?series=counter:a&limit=5",
            "/api/latest?series=counter:a&after=a")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(400);
    }
    assertThat(get("/api/latest?member=nobody").statusCode()).isEqualTo(404);
    assertThat(get("/api/latest?member=").statusCode()).isEqualTo(404);
  }
}
