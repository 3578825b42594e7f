package org.skymetrics.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.client.ClientCounter;
import org.skymetrics.client.Sky;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.fixture.ReferencePeriodStore;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.sqlite.SqlitePeriodStore;

/** A server process that is killed at random moments under load: the totals are exact. */
class KilledServerIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_SECOND, 4);
  private static final int KILLS = 5;
  private static final int KEYS = 200;

  /** What the killed process runs. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws InterruptedException {
      Path directory = Path.of(arguments[0]);
      ServerConfig config =
          ServerConfig.builder()
              .name("killed")
              .udp("127.0.0.1:" + arguments[1])
              .admin("127.0.0.1:" + arguments[2])
              .layout(LAYOUT)
              .flushDelay(Duration.ofMillis(100))
              .threads(2)
              .journal(directory.resolve("journal"))
              .reportsItself(false)
              .build();
      SqlitePeriodStore store = SqlitePeriodStore.open(directory, LAYOUT);
      SkyServer server = SkyServer.start(config, store, Clock.system());
      Thread end =
          new Thread(
              () -> {
                server.close();
                store.close();
              });
      Runtime.getRuntime().addShutdownHook(end);
      System.out.println("ready " + server.udpAddress());
      System.out.flush();
      Thread.currentThread().join();
    }
  }

  private static Process start(Path directory, int udp, int admin) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Dslf4j.internal.verbosity=ERROR",
                Child.class.getName(),
                directory.toString(),
                Integer.toString(udp),
                Integer.toString(admin))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out = process.inputReader();
    String line = out.readLine();
    while (line != null && !line.startsWith("ready")) {
      line = out.readLine();
    }
    assertThat(line).as("the server starts").isNotNull();
    return process;
  }

  private static int freeUdpPort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
      return socket.getLocalPort();
    }
  }

  private static int freeTcpPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void shouldHaveEachCountOnceHoweverOftenTheServerIsKilled(@TempDir Path directory)
      throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int udp = freeUdpPort();
    int admin = freeTcpPort();
    long counted = 0;
    Process process = start(directory, udp, admin);
    try (Sky sky =
        Sky.builder()
            .servers("127.0.0.1:" + udp)
            .assumedPeriod(LAYOUT.period())
            .flushInterval(Duration.ofMillis(20))
            .closeTimeout(Duration.ofSeconds(20))
            .build()) {
      for (int kill = 0; kill < KILLS; kill++) {
        counted += count(sky, random, Duration.ofMillis(300 + random.nextInt(1500)));
        process.toHandle().destroyForcibly();
        process.waitFor();
        counted += count(sky, random, Duration.ofMillis(random.nextInt(300)));
        process = start(directory, udp, admin);
      }
      counted += count(sky, random, Duration.ofMillis(500));
      assertThat(sky.awaitAcknowledged(Duration.ofSeconds(20))).as("seed %d", seed).isTrue();
      assertThat(sky.stats().get(ClientCounter.COUNTS_AMBIGUOUS)).as("seed %d", seed).isZero();
      process.toHandle().destroyForcibly();
      process.waitFor();
      process = start(directory, udp, admin);
      // In good order: what the journal held is in the store when the process has ended.
      process.destroy();
      process.waitFor();
    } finally {
      process.destroyForcibly();
    }
    assertThat(stored(directory)).as("seed %d", seed).isEqualTo(counted);
  }

  private static long count(Sky sky, Random random, Duration length) {
    long untilNs = System.nanoTime() + length.toNanos();
    long counted = 0;
    while (System.nanoTime() - untilNs < 0) {
      for (int i = 0; i < 50; i++) {
        sky.counter("killed|" + random.nextInt(KEYS));
        counted++;
      }
      LockSupport.parkNanos(200_000);
    }
    return counted;
  }

  private static long stored(Path directory) {
    try (SqlitePeriodStore store = SqlitePeriodStore.open(directory, LAYOUT)) {
      Collection<Batch> batches = new ArrayList<>();
      for (ShardPeriod place : store.waiting()) {
        batches.addAll(store.mailbox(place));
      }
      Cell cell =
          ReferencePeriodStore.unite(List.copyOf(batches))
              .get(new Series(Key.of("killed"), Kind.COUNTER));
      return cell == null ? 0 : ((CounterCell) cell).sum();
    }
  }
}
