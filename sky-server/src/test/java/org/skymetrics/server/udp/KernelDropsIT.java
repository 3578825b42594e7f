package org.skymetrics.server.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.Engine;
import org.skymetrics.server.ServerConfig;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.ReferencePeriodStore;

/** What the kernel drops, and cuts off, before a thread of ours sees it. */
class KernelDropsIT {
  private static final int BUFFER = 8192;
  private static final int PACKETS = 500;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldSeeWhatTheKernelDropsAndWhatIsCut(boolean nativeTransport) throws Exception {
    Assumptions.assumeTrue(
        Files.isReadable(Path.of("/proc/net/udp")), "no /proc/net/udp on this system");
    ServerConfig config = ServerConfig.builder().name("drops").reportsItself(false).build();
    Engine engine =
        new Engine(
            config,
            new ReferencePeriodStore(config.layout(), Clock.system()),
            Clock.system(),
            new Random(1),
            Runnable::run);
    try (UdpSockets sockets =
            new UdpSockets(
                1, nativeTransport, Clock.system(), engine.counters(), engine.mishaps());
        DatagramSocket sender = new DatagramSocket()) {
      engine.addReceiver(sockets.loop(0), sockets.replies(0), sockets);
      InetSocketAddress address =
          sockets.bind(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              BUFFER,
              engine.receivers()::get);
      KernelWatch watch =
          new KernelWatch(
              address.getPort(),
              new ReceiveBuffer(sockets.receiveBufferBytes(), BUFFER),
              engine.counters());
      watch.look();
      assertThat(watch.drops()).isZero();

      CountDownLatch heldUp = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      sockets.loop(0).execute(() -> holdUp(heldUp, goOn));
      heldUp.await();
      for (int i = 0; i < PACKETS; i++) {
        sender.send(new DatagramPacket(new byte[1000], 1000, address));
      }
      watch.look();
      assertThat(watch.hasBacklog()).isTrue();
      assertThat(watch.drops()).isBetween(PACKETS / 2L, (long) PACKETS - 1);
      assertThat(engine.counters().get(ServerCounter.KERNEL_DROPS)).isEqualTo(watch.drops());
      goOn.countDown();

      // Each packet is received, or was dropped; and one that is longer than is read is seen, too.
      byte[] long64k = new byte[40_000];
      long64k[0] = (byte) 0xfa;
      while (engine.counters().get(ServerCounter.PACKETS_TOO_LONG) == 0) {
        assertThat(sockets.awaitTurn(10_000)).isTrue();
        sender.send(new DatagramPacket(long64k, long64k.length, address));
      }
      assertThat(engine.counters().get(ServerCounter.PACKETS_NOT_SKY) + watch.drops())
          .isEqualTo(PACKETS);
    }
  }

  private static void holdUp(CountDownLatch heldUp, CountDownLatch goOn) {
    heldUp.countDown();
    try {
      goOn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
