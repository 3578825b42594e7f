package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.client.Sky;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.ServerConfig;
import org.skymetrics.server.SkyServer;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.sqlite.SqliteHistoryStore;
import org.skymetrics.store.sqlite.SqlitePeriodStore;
import org.skymetrics.ui.SkyUi;
import org.skymetrics.ui.UiConfig;
import org.skymetrics.ui.count.Reading;

/**
 * Live seconds from a client's call to a page's WebSocket: real servers, a real UI, real sockets.
 */
final class LiveIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 16);
  private static final String SHARED = "counter:shared";
  private static final int CHILDREN = 20;

  @TempDir Path folder;

  private final List<Member> members = new ArrayList<>();
  private final Map<String, SkyServer> servers = new LinkedHashMap<>();
  private final List<SqlitePeriodStore> stores = new ArrayList<>();
  private SqliteHistoryStore history;
  private SkyUi ui;
  private Sky sky;

  @BeforeEach
  void start() throws IOException {
    for (String name : List.of("a", "b")) {
      members.add(new Member(name, "127.0.0.1", Ports.free(), Ports.free()));
    }
    members.forEach(this::start);
    history = SqliteHistoryStore.open(Files.createDirectories(folder.resolve("history")));
    ui =
        SkyUi.start(
            UiConfig.builder()
                .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .members(members)
                .layout(LAYOUT)
                .build(),
            stores.get(0),
            history,
            Clock.system());
    sky = Sky.builder().servers("127.0.0.1:" + members.get(0).udpPort()).build();
  }

  private void start(Member member) {
    Path data = folder.resolve(member.name() + "-" + stores.size());
    SqlitePeriodStore store;
    try {
      Files.createDirectories(data);
      store = SqlitePeriodStore.open(data, LAYOUT, Clock.system(), new StoreCounters());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    stores.add(store);
    ServerConfig config =
        ServerConfig.builder()
            .name(member.name())
            .udp("127.0.0.1:" + member.udpPort())
            .admin("127.0.0.1:" + member.adminPort())
            .members(members)
            .journal(folder.resolve("journal-" + member.name()))
            .reportsItself(false)
            .build();
    servers.put(member.name(), SkyServer.start(config, store, Clock.system()));
  }

  @AfterEach
  void stop() {
    sky.close();
    ui.close();
    servers.values().forEach(SkyServer::close);
    stores.forEach(SqlitePeriodStore::close);
    history.close();
  }

  private PageSocket page() throws IOException {
    return new PageSocket("127.0.0.1:" + ui.address().getPort());
  }

  private long counted(String counter) {
    return ui.readings().stream()
        .filter(reading -> reading.name().equals("sky_ui_" + counter))
        .mapToLong(Reading::value)
        .sum();
  }

  /** One in each child, so that both servers count in the parent. */
  private long countInAll() {
    for (int i = 0; i < CHILDREN; i++) {
      sky.counter("shared|" + i, 1);
    }
    return CHILDREN;
  }

  private static void awaitPartial(PageSocket page, String word) throws IOException {
    JsonNode partial = page.next().path("partial");
    while (word.isEmpty() ? !partial.isEmpty() : !partial.toString().contains(word)) {
      partial = page.next().path("partial");
    }
  }

  @Test
  void shouldAddUpWhatTwoMembersCountWhileOneEndsAndComesBack() throws IOException {
    try (PageSocket page = page()) {
      page.watch(SHARED, "histogram:shared", "gauge:level");
      page.awaitKept(SHARED);
      page.next();
      long sent = countInAll();
      sky.histogram("shared|h", 1.5);
      sky.gauge("level", 7);
      while (page.sum(SHARED, "value") < sent || page.seconds("gauge:level").isEmpty()) {
        page.next();
      }
      assertThat(page.sum(SHARED, "value")).isEqualTo(sent);
      JsonNode histogram = page.seconds("histogram:shared").values().iterator().next();
      assertThat(histogram.path("count").asLong()).isEqualTo(1);
      assertThat(histogram.path("buckets").path(0).path(2).asLong()).isEqualTo(1);
      assertThat(page.seconds("gauge:level").values().iterator().next().path("value").asLong())
          .isEqualTo(7);
      for (String name : List.of("a", "b")) {
        assertThat(Asked.counter(admin(name), "data_packets_counted")).as(name).isPositive();
      }

      servers.get("b").close();
      awaitPartial(page, "b: ");
      sent += countInAll();
      while (page.sum(SHARED, "value") < sent) {
        page.next();
      }
      start(members.get(1));
      awaitPartial(page, "");
      page.next();
      sent += countInAll();
      while (page.sum(SHARED, "value") < sent) {
        page.next();
      }
      page.next();
      assertThat(page.sum(SHARED, "value")).isEqualTo(sent);
      assertThat(counted("live_streams_lost")).isEqualTo(1);
    }
  }

  private String admin(String name) {
    return "127.0.0.1:" + servers.get(name).adminAddress().getPort();
  }

  @Test
  void shouldFillInForAPageThatComesBack() throws IOException {
    long sent;
    long begun;
    try (PageSocket page = page()) {
      page.watch(SHARED);
      begun = page.awaitKept(SHARED);
      page.next();
      sent = countInAll();
      while (page.sum(SHARED, "value") < sent) {
        page.next();
      }
    }
    sent += countInAll();
    try (PageSocket again = page()) {
      again.watch(SHARED);
      assertThat(again.awaitKept(SHARED)).isEqualTo(begun);
      while (again.sum(SHARED, "value") < sent) {
        again.next();
      }
      assertThat(again.sum(SHARED, "value")).isEqualTo(sent);
      again.send("{\"unwatch\":[\"" + SHARED + "\"]}");
      again.next();
      again.next();
      countInAll();
      again.next();
      again.next();
      again.next();
      assertThat(again.sum(SHARED, "value")).isEqualTo(sent);
    }
  }

  /** Fills buckets of all sizes, so that a second of them takes tens of kilobytes. */
  private void recordWidely(List<String> keys, SplittableRandom random) {
    for (String key : keys) {
      for (int i = 0; i < 100; i++) {
        sky.histogram(key, Math.pow(10, random.nextDouble(-3, 9)));
      }
    }
  }

  @Test
  void shouldLeaveOutAPageThatDoesNotReadAndTellItTheNewestWhenItDoes() throws IOException {
    List<String> wide = IntStream.range(0, 8).mapToObj(i -> "wide|" + i).toList();
    SplittableRandom random = new SplittableRandom(20_261_122);
    try (PageSocket slow = page();
        PageSocket other = page()) {
      slow.watch(wide.stream().map(key -> "histogram:" + key).toArray(String[]::new));
      slow.watch(SHARED);
      other.watch(SHARED);
      slow.awaitKept(SHARED);
      slow.next();
      // From here on it does not read, and what it is sent fills all room on the way.
      Asked.until(
          "a message is left out",
          Duration.ofSeconds(90),
          () -> {
            recordWidely(wide, random);
            return counted("live_messages_skipped") > 0;
          });
      long sent = 0;
      for (int i = 0; i < 3; i++) {
        sent += countInAll();
        long before = counted("live_messages_skipped");
        Asked.until("one more is left out", () -> counted("live_messages_skipped") > before);
      }
      // Another page is not kept waiting by it.
      while (other.sum(SHARED, "value") < sent) {
        other.next();
      }
      assertThat(other.sum(SHARED, "value")).isEqualTo(sent);

      // Now it reads: what was on the way, and then one message of all that it lacks.
      long skipped = counted("live_messages_skipped");
      long longest = 0;
      while (slow.sum(SHARED, "value") < sent) {
        JsonNode message = slow.next();
        longest = Math.max(longest, message.path("to").asLong() - message.path("from").asLong());
      }
      assertThat(slow.sum(SHARED, "value")).isEqualTo(sent);
      assertThat(longest).isGreaterThan(3);
      assertThat(skipped).isGreaterThan(3);
      // And it is told each second again.
      sent += countInAll();
      while (slow.sum(SHARED, "value") < sent) {
        slow.next();
      }
      assertThat(slow.sum(SHARED, "value")).isEqualTo(sent);
    }
  }

  @Test
  void shouldRefuseNonsenseAndSayWhy() throws IOException {
    Map<String, String> answers = new LinkedHashMap<>();
    answers.put("", "1007 a message is {");
    answers.put("null", "1007 a message is {");
    answers.put("[1]", "1007 a message is {");
    answers.put("{\"watch\":", "1007 a message is {");
    answers.put("{\"see\":[]}", "1007 a message is {");
    answers.put("{\"watch\":\"counter:a\"}", "1007 watch and unwatch are lists");
    answers.put("{\"watch\":[7]}", "1007 a series is KIND:KEY");
    answers.put("{\"watch\":[\"dict:a\"]}", "1007 a series is KIND:KEY");
    answers.put("{\"unwatch\":[\"counter:a||b\"]}", "1007 ");
    answers.put("{\"since\":-1}", "1007 since is");
    answers.put("{\"since\":\"now\"}", "1007 since is");
    answers.put("{\"since\":1e99}", "1007 since is");
    answers.put("x".repeat(70_000), "");
    for (Map.Entry<String, String> answer : answers.entrySet()) {
      try (PageSocket page = page()) {
        page.send(answer.getKey());
        assertThat(page.awaitClose()).as(answer.getKey()).startsWith(answer.getValue());
      }
    }
    assertThat(counted("live_messages_refused")).isEqualTo(answers.size());
    try (PageSocket page = page()) {
      for (int i = 0; i < 101; i++) {
        page.send("{}");
      }
      assertThat(page.awaitClose()).startsWith("1008 more than 100 messages");
    }
    try (PageSocket page = page()) {
      for (int part = 0; part < 6; part++) {
        String[] names = new String[100];
        for (int i = 0; i < names.length; i++) {
          names[i] = "counter:many|" + part + "_" + i;
        }
        page.watch(names);
      }
      assertThat(page.awaitClose()).startsWith("1008 a page watches at most 500");
    }
    String http = "127.0.0.1:" + ui.address().getPort();
    assertThat(Asked.get(http, "/api/live").statusCode()).isEqualTo(426);
    assertThat(Asked.get(http, "/api/live?series=a").statusCode()).isEqualTo(400);
    assertThat(Asked.get(admin("a"), "/v1/live").statusCode()).isEqualTo(426);
    try (PageSocket page = page()) {
      page.watch(SHARED);
      assertThat(page.awaitKept(SHARED)).isPositive();
    }
  }

  @Test
  void shouldTellSecondsInStandalone() throws IOException {
    try (SkyProcess standalone =
            SkyProcess.daemon(
                folder,
                "standalone",
                "--data=" + folder.resolve("standalone"),
                "--http=127.0.0.1:0",
                "--udp=127.0.0.1:0",
                "--admin=127.0.0.1:0");
        Sky client = Sky.builder().servers(standalone.udp()).build();
        PageSocket page = new PageSocket(standalone.http())) {
      page.watch("counter:one");
      page.awaitKept("counter:one");
      page.next();
      client.counter("one", 5);
      while (page.sum("counter:one", "value") < 5) {
        page.next();
      }
      assertThat(page.sum("counter:one", "value")).isEqualTo(5);
    }
  }
}
