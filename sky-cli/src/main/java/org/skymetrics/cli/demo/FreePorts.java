package org.skymetrics.cli.demo;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.skymetrics.cli.settings.HostPort;

/** Finds out whether an address is free to be bound. */
public final class FreePorts {
  private FreePorts() {}

  /**
   * The address, or with port 0 (any free one) where its port is taken, for UDP or for TCP: a
   * server has both.
   */
  public static HostPort both(HostPort wanted) {
    InetSocketAddress address = wanted.resolve();
    try (DatagramSocket socket = new DatagramSocket(address)) {
      return socket.isBound() ? tcp(wanted) : wanted.withPort(0);
    } catch (IOException e) {
      return wanted.withPort(0);
    }
  }

  /** The address, or with port 0 (any free one) where its port is taken. */
  public static HostPort tcp(HostPort wanted) {
    InetSocketAddress address = wanted.resolve();
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
      return wanted;
    } catch (IOException e) {
      return wanted.withPort(0);
    }
  }
}
