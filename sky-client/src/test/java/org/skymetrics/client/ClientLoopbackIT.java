package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;

/** The whole client over real sockets and threads. */
final class ClientLoopbackIT {
  private static final Duration LONG = Duration.ofSeconds(30);

  /** The server of the simulation behind a socket. */
  private static final class Echo implements AutoCloseable {
    final DatagramSocket socket;
    final FakeServer server;
    private final Thread thread = new Thread(this::run, "echo");

    Echo() throws IOException {
      socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      AtomicLong lanes = new AtomicLong();
      server = new FakeServer(System::currentTimeMillis, lanes::incrementAndGet, this::send);
      server.ring = Ring.of(List.of(new Member("one", "127.0.0.1", socket.getLocalPort(), 0)));
      thread.start();
    }

    String address() {
      // Another name than the ring's: both lead here.
      return "localhost:" + socket.getLocalPort();
    }

    private void run() {
      byte[] bytes = new byte[2_000];
      while (true) {
        DatagramPacket in = new DatagramPacket(bytes, bytes.length);
        try {
          socket.receive(in);
        } catch (IOException e) {
          return;
        }
        byte[] packet = new byte[in.getLength()];
        System.arraycopy(bytes, 0, packet, 0, packet.length);
        synchronized (server) {
          server.onPacket(packet, (InetSocketAddress) in.getSocketAddress());
          server.acknowledge();
        }
      }
    }

    private void send(byte[] packet, InetSocketAddress to) {
      try {
        socket.send(new DatagramPacket(packet, packet.length, to));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    long counted(String key) {
      synchronized (server) {
        long sum = 0;
        for (FakeServer.Taken taken : server.taken.values()) {
          for (FakeServer.Counted counted : taken.records()) {
            sum += counted.key().toString().equals(key) ? FakeRing.count(counted.cell()) : 0;
          }
        }
        return sum;
      }
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  @Test
  void shouldDeliverWhatThreadsCountThoughTheyAreInterrupted() throws Exception {
    try (Echo echo = new Echo();
        Sky sky = Sky.connect(echo.address())) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        threads.add(
            new Thread(
                () -> {
                  for (int i = 0; i < 50_000; i++) {
                    Thread.currentThread().interrupt();
                    sky.counter("hits|" + i % 10);
                    sky.histogram("ms", i);
                  }
                }));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(sky.awaitAcknowledged(LONG)).isTrue();
      long sum = 0;
      for (int i = 0; i < 10; i++) {
        sum += echo.counted("hits|" + i);
      }
      assertThat(sum).isEqualTo(200_000);
      assertThat(echo.counted("ms")).isEqualTo(200_000);
      assertThat(sky.stats().acknowledgedCounts()).isEqualTo(400_000);
    }
  }

  @Test
  void shouldSendAllAtCloseThoughTheThreadIsInterrupted() throws Exception {
    try (Echo echo = new Echo()) {
      Sky sky = Sky.builder().servers(echo.address()).closeTimeout(LONG).build();
      sky.counter("last", 7);
      Thread.currentThread().interrupt();
      sky.close();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(echo.counted("last")).isEqualTo(7);
      assertThat(sky.stats().get(ClientCounter.COUNTS_LEFT_AT_CLOSE)).isZero();
      sky.close();
      sky.counter("after");
      assertThat(sky.awaitAcknowledged(LONG)).isFalse();
      assertThat(senders()).isZero();
    }
  }

  @Test
  void shouldEndThoughNobodyIsThereAndSayWhatIsLeft() throws SocketException {
    int free;
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    Sky sky =
        Sky.builder()
            .servers("127.0.0.1:" + free + ",no-such-host.invalid:1")
            .closeTimeout(Duration.ofMillis(300))
            .build();
    sky.counter("a", 5);
    assertThat(sky.awaitAcknowledged(Duration.ofMillis(50))).isFalse();
    sky.close();
    assertThat(sky.stats().get(ClientCounter.COUNTS_LEFT_AT_CLOSE)).isEqualTo(5);
    assertThat(sky.stats().get(ClientCounter.PACKETS_LEFT_AT_CLOSE)).isPositive();
    assertThat(senders()).isZero();
  }

  @Test
  void shouldLeaveNothingBehindWhenMadeAndClosedOften() throws Exception {
    try (Echo echo = new Echo()) {
      for (int i = 0; i < 20; i++) {
        Sky sky = Sky.connect(echo.address());
        Thread hook = sky.core().shutdownHook();
        sky.counter("made", 1);
        sky.close();
        assertThat(Runtime.getRuntime().removeShutdownHook(hook)).isFalse();
      }
      assertThat(echo.counted("made")).isEqualTo(20);
      assertThat(senders()).isZero();
    }
  }

  private static long senders() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("sky-sender"))
        .count();
  }
}
