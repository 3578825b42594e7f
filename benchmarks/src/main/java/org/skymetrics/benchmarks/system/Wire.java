package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * What clients send to, in place of their server: it counts datagrams and bytes, and either passes
 * them on, and the answers back, or adds up the counters that it reads in them as statsd text.
 */
final class Wire implements AutoCloseable {
  private static final int BUFFER_BYTES = 4 << 20;
  private static final long SILENCE_NS = 5_000_000_000L;

  private final DatagramSocket near;
  private final int server;

  /** What is counted is of clients that have said this. */
  private final byte[] mark;

  /** By the address that each sends from. */
  private final Map<SocketAddress, Client> clients = new ConcurrentHashMap<>();

  private final AtomicLong counted = new AtomicLong();
  private volatile long heardNs = System.nanoTime();

  private Wire(int server, String mark) throws SocketException {
    this.server = server;
    this.mark = mark.getBytes(StandardCharsets.US_ASCII);
    near = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    near.setReceiveBufferSize(BUFFER_BYTES);
    start("wire-near", near, server == 0 ? this::read : this::passOn);
  }

  private interface Taking {
    void take(DatagramPacket packet) throws IOException;
  }

  /** One of those that send, with a way to the server and back of its own. */
  private final class Client {
    private final SocketAddress address;
    private final DatagramSocket far;
    private final AtomicLong datagrams = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean isMarked;

    Client(SocketAddress address) {
      this.address = address;
      try {
        far = new DatagramSocket();
        if (server != 0) {
          far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server));
          start("wire-far", far, this::passBack);
        }
      } catch (SocketException e) {
        throw new UncheckedIOException(e);
      }
    }

    void count(DatagramPacket packet) {
      datagrams.incrementAndGet();
      bytes.addAndGet(packet.getLength());
    }

    private void passBack(DatagramPacket packet) throws IOException {
      count(packet);
      near.send(new DatagramPacket(packet.getData(), packet.getLength(), address));
    }
  }

  /**
   * To a server at this port of loopback. Counts the datagrams of clients that have sent this text
   * in one: the server has a client of its own, which comes by here as well.
   */
  static Wire to(int port, String mark) throws IOException {
    return new Wire(port, mark);
  }

  /** To nobody. */
  static Wire sink() throws IOException {
    return new Wire(0, "");
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
        taking.take(packet);
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private Client heard(DatagramPacket packet) {
    Client client = clients.computeIfAbsent(packet.getSocketAddress(), Client::new);
    client.count(packet);
    client.isMarked |= hasMark(packet);
    return client;
  }

  private boolean hasMark(DatagramPacket packet) {
    byte[] data = packet.getData();
    for (int from = 0; from + mark.length <= packet.getLength(); from++) {
      if (Arrays.equals(data, from, from + mark.length, mark, 0, mark.length)) {
        return true;
      }
    }
    return false;
  }

  private void passOn(DatagramPacket packet) throws IOException {
    heard(packet).far.send(new DatagramPacket(packet.getData(), packet.getLength()));
  }

  private void read(DatagramPacket packet) {
    heard(packet);
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
    for (Client client : clients.values()) {
      client.datagrams.set(0);
      client.bytes.set(0);
    }
  }

  long datagrams() {
    return sum(client -> client.datagrams);
  }

  long bytes() {
    return sum(client -> client.bytes);
  }

  private long sum(Function<Client, AtomicLong> what) {
    return clients.values().stream()
        .filter(client -> client.isMarked)
        .mapToLong(client -> what.apply(client).get())
        .sum();
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
    clients.values().forEach(client -> client.far.close());
  }
}
