package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.cli.Chaos.Fault;
import org.skymetrics.cli.Chaos.Step;
import org.skymetrics.client.ClientCounter;
import org.skymetrics.store.redis.RedisUnderTest;
import org.skymetrics.store.riak.standin.RiakStandIn;
import redis.clients.jedis.Protocol.Command;

/**
 * Three servers, two rollups and a ui, each a process, with a real Redis, the stand-in for Riak,
 * and clients behind a bad network. All of it breaks and is mended for a while ({@code
 * -Dsky.chaos.seconds}), as a seed says ({@code -Dsky.chaos.seed}); then each key has what was
 * counted, to the unit.
 */
final class ChaosIT {
  private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("sky.chaos.seconds", 40));
  private static final long SEED = Long.getLong("sky.chaos.seed", new Random().nextInt(1 << 30));

  /** How long it may take in the end until all is where it belongs, and all that is not chaos. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;

  private final Queue<SkyProcess> processes = new ConcurrentLinkedQueue<>();
  private final Chaos chaos = new Chaos(SEED);

  /** A process of the ring that can be killed, and started again as it was. */
  private final class Node {
    private final List<String> arguments;
    private SkyProcess running;

    Node(String... arguments) throws IOException {
      this.arguments = List.of(arguments);
      this.running = start();
    }

    private SkyProcess start() throws IOException {
      SkyProcess started = SkyProcess.daemon(folder, arguments.toArray(new String[0]));
      processes.add(started);
      return started;
    }

    Fault killed() {
      return new Fault("kill -9", () -> running.kill(), () -> running = start());
    }
  }

  @Test
  void shouldHaveEachCountOnceWhateverBreaks() throws IOException {
    System.out.printf("ChaosIT: -Dsky.chaos.seed=%d, %d s%n", SEED, LENGTH.toSeconds());
    ScheduledExecutorService watchdog = watchdog();
    try (RedisUnderTest redis = RedisUnderTest.launch();
        RiakStandIn riak = RiakStandIn.start();
        LossyHop first = new LossyHop(SEED + 1);
        LossyHop second = new LossyHop(SEED + 2);
        LossyHop third = new LossyHop(SEED + 3)) {
      run(redis, riak, List.of(first, second, third));
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + SEED + ": " + chaos, e);
    } finally {
      watchdog.shutdownNow();
      processes.forEach(SkyProcess::close);
    }
  }

  /** Nothing that hangs is waited for without end: the processes are ended, and the test fails. */
  private ScheduledExecutorService watchdog() {
    ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor();
    var unused =
        watchdog.schedule(
            () -> processes.forEach(SkyProcess::close),
            LENGTH.plus(PATIENCE.multipliedBy(4)).toSeconds(),
            TimeUnit.SECONDS);
    return watchdog;
  }

  private void run(RedisUnderTest redis, RiakStandIn riak, List<LossyHop> hops) throws IOException {
    long from = System.currentTimeMillis() / 1000 - 120;
    String http = "127.0.0.1:" + Ports.free();
    List<String> admins = startAll(redis, riak, hops, http);
    redisBreaks(redis);
    riakBreaks(riak);
    List<String> addresses = hops.stream().map(LossyHop::address).toList();
    try (SteadyLoad load = SteadyLoad.on(addresses, Duration.ofMillis(50));
        RestlessReader reader = new RestlessReader(http, SteadyLoad.KEY, from)) {
      reader.awaitMore(3);
      chaos.runFor(LENGTH);
      chaos.mendAll();
      load.end();
      assertThat(load.unacknowledged()).as("not acknowledged").isZero();
      assertThat(load.stat(ClientCounter.COUNTS_AMBIGUOUS)).as("ambiguous").isZero();
      Asked.until(
          "all is in history",
          PATIENCE,
          () -> Asked.isInHistory(http, SteadyLoad.KEY, from) && isWhole(http, from));
      assertThat(totals(http, load.totals(), from)).isEqualTo(load.totals());
      reader.end();
      assertThat(reader.fell()).as("answers that lack something say so").isEmpty();
      load.leave();
      hops.forEach(LossyHop::cut);
      Asked.until("the ledger is balanced", PATIENCE, () -> isBalanced(http, admins, from));
      JsonNode ledger = ledger(http, from);
      assertThat(ledger.path("counted").asLong())
          .isGreaterThanOrEqualTo(load.stat(ClientCounter.PACKETS_ACKNOWLEDGED));
      System.out.printf(
          "ChaosIT: %s; counts sent and found %d, in %d packets and %d sent again; packets dropped"
              + " by the network %d, doubled %d; ledger %s%n",
          chaos.done(),
          load.counted(),
          load.stat(ClientCounter.PACKETS_SENT),
          load.stat(ClientCounter.PACKETS_RESENT),
          hops.stream().mapToLong(hop -> hop.dropped.get()).sum(),
          hops.stream().mapToLong(hop -> hop.doubled.get()).sum(),
          ledger);
    }
  }

  /** Returns where the servers' admin HTTP is. */
  private List<String> startAll(
      RedisUnderTest redis, RiakStandIn riak, List<LossyHop> hops, String http) throws IOException {
    List<String> admins = new ArrayList<>();
    String[] stores = {"--period=1s", "--shards=4", "--redis=" + redis.address()};
    String history = "--riak=" + riak.address();
    // The ui first: its port was found to be free just now.
    chaos.mayBreak("ui", node("ui", stores, history, "--http=" + http).killed());
    for (int i = 0; i < hops.size(); i++) {
      LossyHop hop = hops.get(i);
      String udp = "127.0.0.1:" + Ports.free();
      admins.add("127.0.0.1:" + Ports.free());
      Node server =
          node(
              "server",
              stores,
              "--id=server-" + i,
              "--udp=" + udp,
              "--advertise=" + hop.address(),
              "--admin=" + admins.get(i),
              "--data=" + folder.resolve("server-" + i));
      hop.leadTo(udp);
      chaos.mayBreak("server " + i, server.killed());
      chaos.mayBreak("network of server " + i, new Fault("network cut", hop::cut, hop::mend));
    }
    chaos.mayBreak("rollup 0", node("rollup", stores, history).killed());
    chaos.mayBreak("rollup 1", node("rollup", stores, history).killed());
    return admins;
  }

  private Node node(String command, String[] stores, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of(stores));
    arguments.addAll(List.of(options));
    return new Node(arguments.toArray(new String[0]));
  }

  /** Killed it forgets all that it has, as it keeps nothing on disk. */
  private void redisBreaks(RedisUnderTest redis) {
    Step nothing = () -> {};
    chaos.mayBreak(
        "Redis",
        new Fault("Redis killed", redis::kill, redis::start),
        new Fault("Redis flushed", () -> flush(redis), nothing),
        new Fault("Redis hung", redis::suspend, redis::resume));
  }

  private static void flush(RedisUnderTest redis) {
    assertThat(redis.text(Command.FLUSHALL)).isEqualTo("OK");
  }

  private void riakBreaks(RiakStandIn riak) {
    chaos.mayBreak(
        "Riak",
        new Fault("Riak stopped", riak::stop, riak::restart),
        new Fault("Riak hung", riak::hang, riak::resume),
        new Fault("Riak's connections cut", riak::cutConnections, () -> {}));
  }

  private static boolean isWhole(String http, long from) {
    try {
      return Asked.series(http, SteadyLoad.KEY, from).path("partial").isEmpty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Long> totals(String http, Map<String, Long> wanted, long from)
      throws IOException {
    Map<String, Long> totals = new TreeMap<>();
    for (String key : wanted.keySet()) {
      JsonNode answer = Asked.series(http, key, from);
      assertThat(answer.path("partial")).as(key).isEmpty();
      totals.put(key, Asked.total(answer));
    }
    return totals;
  }

  /**
   * Whether the ledger of all that was ever sent lacks just what the servers know as open. While
   * packets come this is not so at any moment: the sums follow a second later.
   */
  private static boolean isBalanced(String http, List<String> admins, long from) {
    try {
      long open = 0;
      for (String admin : admins) {
        JsonNode own = Asked.json(admin, "/status").path("ledger");
        open += own.path("open").asLong();
        assertThat(own.path("sent").asLong())
            .as(admin)
            .isPositive()
            .isEqualTo(settled(own) + own.path("open").asLong());
      }
      JsonNode all = ledger(http, from);
      return all.path("sent").asLong() == settled(all) + open;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long settled(JsonNode ledger) {
    long settled = 0;
    for (String outcome : List.of("counted", "lost", "duplicate", "late")) {
      settled += ledger.path(outcome).asLong();
    }
    for (JsonNode refused : ledger.path("refused")) {
      settled += refused.asLong();
    }
    return settled;
  }

  private static JsonNode ledger(String http, long from) throws IOException {
    JsonNode answer = Asked.json(http, "/api/ledger?from=" + from + "&to=now&points=20000");
    assertThat(answer.path("partial")).isEmpty();
    return answer.path("totals");
  }
}
