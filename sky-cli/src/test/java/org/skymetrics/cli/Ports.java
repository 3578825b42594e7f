package org.skymetrics.cli;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that are free now, below those that systems give out by themselves: so they stay free. */
final class Ports {
  private Ports() {}

  static int free() throws IOException {
    IOException last = new IOException("no port is free");
    for (int tries = 0; tries < 100; tries++) {
      InetSocketAddress address =
          new InetSocketAddress(
              InetAddress.getLoopbackAddress(),
              ThreadLocalRandom.current().nextInt(15_000, 32_000));
      try (ServerSocket tcp = new ServerSocket();
          DatagramSocket udp = new DatagramSocket(null)) {
        tcp.bind(address);
        udp.bind(address);
        return tcp.getLocalPort();
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }
}
