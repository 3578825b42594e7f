package org.skymetrics.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Senders of statsd text to one member, some over UDP and one over TCP. What the kernel drops of
 * UDP no statsd counts, so they never have more under way than a receive buffer holds: each turn
 * waits until the member has read the one before.
 */
final class TextTraffic implements AutoCloseable {
  private static final int UDP_SENDERS = 3;

  private final String key;
  private final String admin;
  private final InetSocketAddress to;
  private final List<DatagramSocket> senders = new ArrayList<>();
  private final Socket stream;
  private final AtomicBoolean isEnding = new AtomicBoolean();
  private final Thread thread;
  private volatile long turns;
  private volatile Throwable failure;

  private TextTraffic(String key, int udp, String admin) throws IOException {
    this.key = key;
    this.admin = admin;
    this.to = new InetSocketAddress("127.0.0.1", udp);
    for (int i = 0; i < UDP_SENDERS; i++) {
      senders.add(new DatagramSocket());
    }
    this.stream = new Socket("127.0.0.1", udp);
    this.thread = new Thread(this::run, "text-" + key);
  }

  /**
   * Sends to one that counts no other text than this.
   *
   * @param key the parent of all that is counted
   */
  static TextTraffic to(String key, int udp, String admin) throws IOException {
    TextTraffic traffic = new TextTraffic(key, udp, admin);
    traffic.thread.start();
    return traffic;
  }

  private void run() {
    try {
      while (!isEnding.get()) {
        for (int i = 0; i < UDP_SENDERS; i++) {
          byte[] packet = text(key + "|udp" + i + ":1|c\n" + key + "|rated:1|c|@0.25");
          senders.get(i).send(new DatagramPacket(packet, packet.length, to));
        }
        stream.getOutputStream().write(text(key + ":2|c|#via:tcp\n" + key + "_ms:7:9|ms\n"));
        turns++;
        long lines = turns * (2 * UDP_SENDERS + 2);
        Asked.until("the text to " + admin + " is read", () -> read() >= lines);
      }
    } catch (IOException | UncheckedIOException | AssertionError e) {
      failure = e;
    }
  }

  private long read() {
    try {
      return Asked.counter(admin, "text_lines");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] text(String lines) {
    return lines.getBytes(StandardCharsets.UTF_8);
  }

  long turns() {
    return turns;
  }

  /** Sends no more; fails where something went wrong. */
  void end() {
    isEnding.set(true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw new AssertionError("the senders of " + key + " ended", failure);
    }
  }

  /** What was sent, after {@link #end}. */
  Map<String, Long> totals() {
    Map<String, Long> totals = new LinkedHashMap<>();
    for (int i = 0; i < UDP_SENDERS; i++) {
      totals.put(key + "|udp" + i, turns);
    }
    totals.put(key + "|rated", turns * UDP_SENDERS * 4);
    totals.put(key + "|via:tcp", turns * 2);
    totals.put(key, turns * (UDP_SENDERS * 5L + 2));
    return totals;
  }

  @Override
  public void close() throws IOException {
    isEnding.set(true);
    senders.forEach(DatagramSocket::close);
    stream.close();
  }
}
