package org.skymetrics.cli;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bad stretch of network between clients and a server: it drops 20 % of the packets, doubles 5 %
 * and delays each by up to 30 ms, so that they overtake one another; both ways.
 */
final class LossyHop implements AutoCloseable {
  private static final double DROPPED = 0.20;
  private static final double DOUBLED = 0.05;
  private static final int MAX_DELAY_MS = 30;
  private static final int DATA = 5;

  final AtomicLong dataIn = new AtomicLong();
  final AtomicLong dropped = new AtomicLong();
  final AtomicLong doubled = new AtomicLong();
  final AtomicLong toServer = new AtomicLong();
  final AtomicLong dataToServer = new AtomicLong();

  private final SplittableRandom random;
  private final DatagramSocket front;
  private final Map<SocketAddress, DatagramSocket> backs = new ConcurrentHashMap<>();
  private final ScheduledExecutorService delays = Executors.newSingleThreadScheduledExecutor();
  private volatile InetSocketAddress server = new InetSocketAddress(0);
  private volatile boolean cut;

  LossyHop(long seed) throws IOException {
    random = new SplittableRandom(seed);
    front = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    front.setReceiveBufferSize(4 << 20);
  }

  /** Begins to pass packets on. */
  void leadTo(String address) {
    int colon = address.lastIndexOf(':');
    server =
        new InetSocketAddress(
            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    new Thread(this::fromClients, "hop-front").start();
  }

  String address() {
    return "127.0.0.1:" + front.getLocalPort();
  }

  /** From now on nothing comes through, either way. */
  void cut() {
    cut = true;
  }

  void mend() {
    cut = false;
  }

  private void fromClients() {
    byte[] buffer = new byte[2048];
    while (!front.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        front.receive(packet);
        boolean data = packet.getLength() > 2 && buffer[2] == DATA;
        int passed = pass(back(packet.getSocketAddress()), packet, server);
        toServer.addAndGet(passed);
        if (data) {
          dataIn.incrementAndGet();
          dataToServer.addAndGet(passed);
        }
      } catch (IOException e) {
        if (!front.isClosed()) {
          throw new AssertionError(e);
        }
      }
    }
  }

  private DatagramSocket back(SocketAddress client) throws IOException {
    DatagramSocket known = backs.get(client);
    if (known != null) {
      return known;
    }
    DatagramSocket made =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    backs.put(client, made);
    new Thread(() -> fromServer(made, client), "hop-back").start();
    return made;
  }

  private void fromServer(DatagramSocket back, SocketAddress client) {
    byte[] buffer = new byte[2048];
    while (!back.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        back.receive(packet);
        pass(front, packet, client);
      } catch (IOException e) {
        if (!back.isClosed()) {
          throw new AssertionError(e);
        }
      }
    }
  }

  /** Returns how often the packet is sent on: 0, 1 or 2 times. */
  private synchronized int pass(DatagramSocket from, DatagramPacket packet, SocketAddress to) {
    if (cut || random.nextDouble() < DROPPED) {
      dropped.incrementAndGet();
      return 0;
    }
    int copies = random.nextDouble() < DOUBLED ? 2 : 1;
    doubled.addAndGet(copies - 1);
    for (int i = 0; i < copies; i++) {
      byte[] bytes = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
      var unused =
          delays.schedule(
              () -> send(from, bytes, to), random.nextInt(MAX_DELAY_MS), TimeUnit.MILLISECONDS);
    }
    return copies;
  }

  private static void send(DatagramSocket from, byte[] bytes, SocketAddress to) {
    try {
      from.send(new DatagramPacket(bytes, bytes.length, to));
    } catch (IOException e) {
      if (!from.isClosed()) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    delays.shutdownNow();
    front.close();
    backs.values().forEach(DatagramSocket::close);
  }
}
