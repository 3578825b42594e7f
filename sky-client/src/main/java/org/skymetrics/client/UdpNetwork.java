package org.skymetrics.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The network of the JVM: one unconnected channel that the sender's thread alone touches, so no
 * interrupt of an application's thread can close it. Names are looked up on threads of their own,
 * for a look-up can take its time.
 */
final class UdpNetwork implements Network, AutoCloseable {
  private final Selector selector;
  private final DatagramChannel channel;
  private final Mishaps mishaps;
  private final ByteBuffer buffer = ByteBuffer.allocate(2048);
  private final Map<String, InetAddress> known = new ConcurrentHashMap<>();
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  /** Takes a packet. */
  interface Inbox {
    void packet(byte[] bytes, int length, InetSocketAddress from);
  }

  UdpNetwork(Mishaps mishaps) throws IOException {
    this.mishaps = mishaps;
    selector = Selector.open();
    channel = DatagramChannel.open();
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ);
  }

  @Override
  public boolean send(byte[] packet, InetSocketAddress to) {
    try {
      return channel.send(ByteBuffer.wrap(packet), to) == packet.length;
    } catch (IOException e) {
      // A closed port, no route, no buffer: the packet counts as lost, and is sent again like any
      // other.
      return false;
    }
  }

  @Override
  public @Nullable InetSocketAddress resolve(String host, int port, boolean lookUp) {
    InetAddress address = known.get(host);
    if (lookUp && underWay.add(host)) {
      Thread thread = new Thread(() -> lookUp(host), "sky-resolver");
      thread.setDaemon(true);
      thread.start();
    }
    return address == null ? null : new InetSocketAddress(address, port);
  }

  private void lookUp(String host) {
    try {
      known.put(host, InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      mishaps.count(ClientCounter.UNKNOWN_HOST);
    } finally {
      underWay.remove(host);
      selector.wakeup();
    }
  }

  /**
   * Waits until a packet comes, {@link #wakeUp} is called or the time is over, and gives all
   * packets there are.
   */
  void await(long forNs, Inbox inbox) throws IOException {
    // Rounded up: waking a little early would only mean waking twice.
    selector.select(Math.max(1, (forNs + 999_999) / 1_000_000));
    selector.selectedKeys().clear();
    while (true) {
      buffer.clear();
      InetSocketAddress from;
      try {
        from = (InetSocketAddress) channel.receive(buffer);
      } catch (PortUnreachableException e) {
        continue;
      }
      if (from == null) {
        return;
      }
      inbox.packet(buffer.array(), buffer.position(), from);
    }
  }

  void wakeUp() {
    selector.wakeup();
  }

  @Override
  public void close() throws IOException {
    channel.close();
    selector.close();
  }
}
