package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.client.ClientCounter;
import org.skymetrics.store.riak.standin.RiakStandIn;

/**
 * A day of an operator, with periods of a second: a ring on Redis with sentinels, history on Riak,
 * traffic all day; a member is added, one removed, one restarted, Redis's master moved, the history
 * store held up. In the evening each count is there, once.
 */
final class OperationsDayIT {
  private static final int PERIODS = 4;

  @TempDir Path folder;

  private final List<SkyProcess> processes = new ArrayList<>();
  private final long from = System.currentTimeMillis() / 1000 - 120;

  /** A server, with the ports and the directory that it keeps. */
  private record Place(String name, int udp, int admin) {
    static Place of(String name) throws IOException {
      return new Place(name, Ports.free(), Ports.free());
    }

    String adminAddress() {
      return "127.0.0.1:" + admin;
    }

    String udpAddress() {
      return "127.0.0.1:" + udp;
    }
  }

  @AfterEach
  void endAll() {
    processes.forEach(SkyProcess::close);
  }

  @Test
  void shouldLoseNothingInADayOfOperations() throws Exception {
    AccessLog real = AccessLog.real();
    AccessLog log = real.exists() ? real : AccessLog.madeUp(folder, 10_000, 12);
    System.out.println("OperationsDayIT: traffic of " + log.path());
    Place one = Place.of("one");
    Place two = Place.of("two");
    Place three = Place.of("three");
    Place four = Place.of("four");
    try (RiakStandIn riak = RiakStandIn.start();
        SentinelRedis redis = SentinelRedis.start(folder)) {
      List<SkyProcess> servers = new ArrayList<>();
      for (Place place : List.of(one, two, three)) {
        servers.add(server(redis, place));
      }
      SkyProcess rollup = daemon(redis, "rollup", "--riak=" + riak.address());
      SkyProcess ui = daemon(redis, "ui", "--http=127.0.0.1:0", "--riak=" + riak.address());
      awaitRing(one, "one", "two", "three");
      awaitRing(two, "one", "two", "three");
      awaitRing(three, "one", "two", "three");

      try (LogTraffic traffic =
              LogTraffic.of(log, List.of(one.udpAddress(), two.udpAddress(), three.udpAddress()));
          TextTraffic text = TextTraffic.to("text_one", one.udp(), one.adminAddress())) {
        awaitCounting(one, two, three);

        // In the morning a machine is added.
        server(redis, four);
        awaitRing(one, "four", "one", "two", "three");
        awaitCounting(four);
        try (TextTraffic more = TextTraffic.to("text_four", four.udp(), four.adminAddress())) {
          // One is restarted for an upgrade.
          assertThat(servers.get(1).stop()).as(servers.get(1).log()).isIn(0, 143);
          awaitRing(one, "four", "one", "three");
          server(redis, two);
          awaitRing(one, "four", "one", "two", "three");
          awaitCounting(two);

          redis.failOver();
          awaitConfirmed(PERIODS, one, two, three, four);

          // History is held up for a while; what is counted stays with the servers.
          riak.hang();
          awaitWaiting(one, two, three, four);
          riak.resume();
          awaitCaughtUp(one, two, three, four);

          // One is taken away for good.
          assertThat(servers.get(2).stop()).as(servers.get(2).log()).isIn(0, 143);
          assertThat(servers.get(2).log())
              .contains("server three ended; all it counted is in history");
          awaitRing(one, "four", "one", "two");
          awaitConfirmed(PERIODS, one, two, four);
          assertThat(CommandRun.of("status", "--http", ui.http()).out())
              .containsPattern("three left .* ago")
              .containsPattern("four .*ready +[0-9]+%");

          more.end();
          text.end();
          traffic.end();
          assertThat(traffic.stat(ClientCounter.COUNTS_AMBIGUOUS)).isZero();
          Map<String, Long> sent = new LinkedHashMap<>(traffic.totals());
          sent.putAll(text.totals());
          sent.putAll(more.totals());
          Asked.until("all is there", () -> totals(ui, sent.keySet()).equals(sent));
          Asked.until("all is in history", () -> sent.keySet().stream().allMatch(k -> done(ui, k)));
          assertThat(totals(ui, sent.keySet())).isEqualTo(sent);
          System.out.printf(
              "OperationsDayIT: %d lines of the log and %d turns of text in %d s, all found%n",
              traffic.lines(),
              text.turns() + more.turns(),
              System.currentTimeMillis() / 1000 - 120 - from);
        }
      }
      assertThat(rollup.log()).doesNotContain("ERROR");
    }
  }

  private boolean done(SkyProcess ui, String key) {
    return Asked.isInHistory(ui.http(), key, from);
  }

  private Map<String, Long> totals(SkyProcess ui, Set<String> keys) {
    Map<String, Long> totals = new LinkedHashMap<>();
    for (String key : keys) {
      try {
        JsonNode answer = Asked.series(ui.http(), key, from);
        assertThat(answer.path("partial")).as(key).isEmpty();
        totals.put(key, Asked.total(answer));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    return totals;
  }

  private static JsonNode status(Place at) {
    try {
      return Asked.json(at.adminAddress(), "/status");
    } catch (IOException e) {
      // It is being started again.
      return MissingNode.getInstance();
    }
  }

  private static void awaitRing(Place at, String... names) {
    Set<String> wanted = new TreeSet<>(List.of(names));
    Asked.until(
        "the ring of " + wanted,
        () -> {
          Set<String> found = new TreeSet<>();
          status(at)
              .path("ring")
              .path("members")
              .forEach(member -> found.add(member.path("name").asText()));
          return found.equals(wanted);
        });
  }

  private static long counter(Place at, String name) {
    return status(at).path("counters").path(name).asLong();
  }

  private static void awaitCounting(Place... places) {
    for (Place at : places) {
      Asked.until(at.name() + " counts", () -> counter(at, "data_packets_counted") > 0);
    }
  }

  /** Waits until history has so many more batches of each. */
  private static void awaitConfirmed(int batches, Place... places) {
    Map<Place, Long> before = new LinkedHashMap<>();
    for (Place at : places) {
      before.put(at, counter(at, "batches_confirmed"));
    }
    before.forEach(
        (at, then) ->
            Asked.until(
                at.name() + " has batches in history",
                () -> counter(at, "batches_confirmed") >= then + batches));
  }

  /** Waits until each has segments that history does not have. */
  private static void awaitWaiting(Place... places) {
    for (Place at : places) {
      Asked.until(at.name() + " waits for history", () -> unconfirmed(at) >= PERIODS);
    }
  }

  /** Waits until each has no more segments than the last few that history does not have. */
  private static void awaitCaughtUp(Place... places) {
    for (Place at : places) {
      Asked.until(
          at.name() + " no longer waits for history",
          () -> status(at).has("segments") && unconfirmed(at) < PERIODS);
    }
  }

  private static int unconfirmed(Place at) {
    return status(at).path("segments").path("unconfirmed").size();
  }

  private SkyProcess server(SentinelRedis redis, Place place) throws IOException {
    return daemon(
        redis,
        "server",
        "--id=" + place.name(),
        "--udp=" + place.udpAddress(),
        "--admin=" + place.adminAddress(),
        "--data=" + folder.resolve("server-" + place.name()));
  }

  private SkyProcess daemon(SentinelRedis redis, String command, String... options)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of(command, "--period=1s"));
    arguments.add("--redis=" + redis.address());
    arguments.addAll(List.of(options));
    SkyProcess process = SkyProcess.daemon(folder, arguments.toArray(new String[0]));
    processes.add(process);
    return process;
  }
}
