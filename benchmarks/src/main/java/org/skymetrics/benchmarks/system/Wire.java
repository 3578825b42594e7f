package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends to, in place of its server: it counts datagrams and bytes, and either passes
 * them on, and the answers back, or adds up the counters that it reads in them as statsd text.
 */
final class Wire implements AutoCloseable {
  private static final int BUFFER_BYTES = 4 << 20;
  private static final long SILENCE_NS = 5_000_000_000L;

  private final DatagramSocket near;
  private final @Nullable DatagramSocket far;
  private final AtomicReference<@Nullable InetSocketAddress> client = new AtomicReference<>();
  private final AtomicLong datagrams = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong counted = new AtomicLong();
  private volatile long heardNs = System.nanoTime();

  private Wire(@Nullable DatagramSocket far) throws SocketException {
    this.far = far;
    near = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    near.setReceiveBufferSize(BUFFER_BYTES);
    start("wire-near", near, far == null ? this::read : this::passOn);
    if (far != null) {
      start("wire-far", far, this::passBack);
    }
  }

  private interface Taking {
    void take(DatagramPacket packet) throws IOException;
  }

  /** To a server at this port of loopback. */
  static Wire to(int port) throws IOException {
    DatagramSocket far = new DatagramSocket();
    far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new Wire(far);
  }

  /** To nobody. */
  static Wire sink() throws IOException {
    return new Wire(null);
  }

  private void start(String name, DatagramSocket socket, Taking taking) {
    Thread thread = new Thread(() -> run(socket, taking), name);
    thread.setDaemon(true);
    thread.start();
  }

  private void run(DatagramSocket socket, Taking taking) {
    byte[] buffer = new byte[65536];
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    while (!socket.isClosed()) {
      try {
        packet.setLength(buffer.length);
        socket.receive(packet);
        heardNs = System.nanoTime();
        datagrams.incrementAndGet();
        bytes.addAndGet(packet.getLength());
        taking.take(packet);
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void passOn(DatagramPacket packet) throws IOException {
    client.set((InetSocketAddress) packet.getSocketAddress());
    if (far != null) {
      far.send(new DatagramPacket(packet.getData(), packet.getLength()));
    }
  }

  private void passBack(DatagramPacket packet) throws IOException {
    InetSocketAddress to = client.get();
    if (to != null) {
      near.send(new DatagramPacket(packet.getData(), packet.getLength(), to));
    }
  }

  private void read(DatagramPacket packet) {
    String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
    text.lines()
        .filter(line -> line.startsWith("requests") && line.contains("|c"))
        .forEach(
            line ->
                counted.addAndGet(
                    (long)
                        Double.parseDouble(
                            line.substring(line.indexOf(':') + 1, line.indexOf('|')))));
  }

  int port() {
    return near.getLocalPort();
  }

  void forget() {
    datagrams.set(0);
    bytes.set(0);
  }

  long datagrams() {
    return datagrams.get();
  }

  long bytes() {
    return bytes.get();
  }

  /** The sum of the counters read. */
  long counted() {
    return counted.get();
  }

  /** Returns when nothing was heard for some seconds. */
  void awaitSilence() throws InterruptedException {
    while (System.nanoTime() - heardNs < SILENCE_NS) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  @Override
  public void close() {
    near.close();
    if (far != null) {
      far.close();
    }
  }
}
