package org.skymetrics.cli;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports that are free and stay so, also while who uses them is killed and started again: they are
 * below those that systems give out by themselves, each is given once, and of two JVMs that test at
 * once each has its own.
 */
final class Ports {
  private static final int LOWEST = 15_000;
  private static final int OF_EACH_JVM = 8_000;
  private static final int JVM = Integer.getInteger("sky.test.jvm", 1) % 2;
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(OF_EACH_JVM));

  private Ports() {}

  static int free() throws IOException {
    IOException last = new IOException("no port is free");
    for (int tries = 0; tries < 100; tries++) {
      int port = LOWEST + JVM * OF_EACH_JVM + NEXT.getAndIncrement() % OF_EACH_JVM;
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      try (ServerSocket tcp = new ServerSocket();
          DatagramSocket udp = new DatagramSocket(null)) {
        tcp.bind(address);
        udp.bind(address);
        return port;
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }
}
