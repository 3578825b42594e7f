package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.client.ClientCounter;

/**
 * A ring whose members find each other in Redis, under load: each is restarted, one is killed, one
 * comes and goes; and every count arrives once.
 */
final class RollingRingIT {
  /** Of a dead member nothing is in the ring after 3 s; a machine that is busy may take longer. */
  private static final Duration LOST_WITHIN = Duration.ofSeconds(15);

  @TempDir Path folder;

  private final List<SkyProcess> processes = new ArrayList<>();

  /** A server, with the ports and the directory that it keeps. */
  private record Place(String name, int udp, int admin) {
    String adminAddress() {
      return "127.0.0.1:" + admin;
    }

    String udpAddress() {
      return "127.0.0.1:" + udp;
    }
  }

  private static Place place(String name) throws IOException {
    return new Place(name, Ports.free(), Ports.free());
  }

  @Test
  void shouldCountAllWhileMembersComeAndGo() throws IOException {
    long from = System.currentTimeMillis() / 1000 - 120;
    List<Place> places = List.of(place("one"), place("two"), place("three"));
    try (TestRedis redis = TestRedis.start(Ports.free())) {
      List<SkyProcess> servers = new ArrayList<>();
      for (Place place : places) {
        servers.add(server(redis, place));
      }
      daemon(redis, "rollup", "--data=" + folder.resolve("history"));
      SkyProcess ui =
          daemon(redis, "ui", "--http=127.0.0.1:0", "--data=" + folder.resolve("history"));
      for (Place place : places) {
        awaitRing(place, "one", "two", "three");
      }
      try (SteadyLoad load = SteadyLoad.on(places.stream().map(Place::udpAddress).toList());
          RestlessReader reader = new RestlessReader(ui.http(), SteadyLoad.KEY, from)) {
        reader.awaitMore(10);
        for (int i = 0; i < 3; i++) {
          assertThat(servers.get(i).stop()).as(servers.get(i).log()).isIn(0, 143);
          awaitRing(places.get((i + 1) % 3), others(places, i));
          servers.set(i, server(redis, places.get(i)));
          awaitRing(places.get((i + 1) % 3), "one", "two", "three");
          awaitCounting(places.get(i));
        }

        long lostIn = killed(servers.get(1), places);
        System.out.println("RollingRingIT: from the kill to a ring without it " + lostIn + " ms");
        assertThat(Duration.ofMillis(lostIn)).isLessThan(LOST_WITHIN);
        awaitStatus(ui, "two .*lost, heard .* ago; no reply");
        servers.set(1, server(redis, places.get(1)));
        awaitRing(places.get(0), "one", "two", "three");
        awaitCounting(places.get(1));

        Place four = place("four");
        SkyProcess added = server(redis, four);
        awaitRing(places.get(0), "four", "one", "two", "three");
        awaitCounting(four);
        assertThat(added.stop()).as(added.log()).isIn(0, 143);
        assertThat(added.log()).contains("server four ended; all it counted is in history");
        awaitRing(places.get(0), "one", "two", "three");
        awaitStatus(ui, "four left .* ago");
        awaitStatus(ui, "one .* ready +[0-9]+%");

        reader.awaitMore(5);
        load.end();
        assertThat(load.unacknowledged()).isZero();
        assertThat(load.stat(ClientCounter.COUNTS_AMBIGUOUS)).isZero();
        Asked.until("all is in history", () -> Asked.isInHistory(ui.http(), SteadyLoad.KEY, from));
        reader.awaitMore(5);
        assertThat(total(ui, from)).isEqualTo(load.counted());
        assertThat(reader.fell()).as("answers that lack something say so").isEmpty();
        System.out.println("RollingRingIT: counts sent and found " + load.counted());
      }
    } finally {
      processes.forEach(SkyProcess::close);
    }
  }

  private static long total(SkyProcess ui, long from) throws IOException {
    JsonNode answer = Asked.series(ui.http(), SteadyLoad.KEY, from);
    assertThat(answer.path("partial")).isEmpty();
    return Asked.total(answer);
  }

  /** The ui reads the leases now and again. */
  private static void awaitStatus(SkyProcess ui, String line) {
    Pattern wanted = Pattern.compile(line);
    Asked.until(
        "the status tells " + line,
        () -> wanted.matcher(CommandRun.of("status", "--http", ui.http()).out()).find());
  }

  private static String[] others(List<Place> places, int without) {
    return places.stream()
        .filter(place -> place != places.get(without))
        .map(Place::name)
        .toArray(String[]::new);
  }

  /** Kills the second server; the time until no other has it in its ring, in ms. */
  private static long killed(SkyProcess server, List<Place> places) {
    long start = System.nanoTime();
    server.kill();
    awaitRing(places.get(0), "one", "three");
    awaitRing(places.get(2), "one", "three");
    return (System.nanoTime() - start) / 1_000_000;
  }

  private static void awaitRing(Place at, String... names) {
    Set<String> wanted = new TreeSet<>(List.of(names));
    Asked.until("the ring of " + wanted, () -> ring(at).equals(wanted));
  }

  private static Set<String> ring(Place at) {
    Set<String> names = new TreeSet<>();
    try {
      Asked.json(at.adminAddress(), "/status")
          .path("ring")
          .path("members")
          .forEach(member -> names.add(member.path("name").asText()));
    } catch (IOException e) {
      // It is being started again.
      return Set.of();
    }
    return names;
  }

  private static void awaitCounting(Place at) {
    Asked.until(
        at.name() + " counts",
        () -> {
          try {
            return Asked.counter(at.adminAddress(), "data_packets_counted") > 0;
          } catch (IOException e) {
            return false;
          }
        });
  }

  private SkyProcess server(TestRedis redis, Place place) throws IOException {
    return daemon(
        redis,
        "server",
        "--id=" + place.name(),
        "--udp=" + place.udpAddress(),
        "--admin=" + place.adminAddress(),
        "--data=" + folder.resolve("server-" + place.name()));
  }

  private SkyProcess daemon(TestRedis redis, String command, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(command, "--period=1s"));
    arguments.add("--redis=" + redis.address());
    arguments.addAll(List.of(options));
    SkyProcess process = SkyProcess.daemon(folder, arguments.toArray(new String[0]));
    processes.add(process);
    return process;
  }
}
