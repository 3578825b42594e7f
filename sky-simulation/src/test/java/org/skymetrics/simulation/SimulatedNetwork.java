package org.skymetrics.simulation;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.PacketType;

/**
 * Carries packets between addresses: late, out of order, twice or not at all, and not across a
 * partition. Knows to the packet what became of each.
 */
final class SimulatedNetwork {
  /** A packet on its way. */
  @SuppressWarnings("ArrayRecordComponent")
  record Message(byte[] bytes, InetSocketAddress from, InetSocketAddress to) {}

  /** Stands before who receives: hands on what comes, or something else. */
  interface Passage {
    void pass(Message message, Consumer<Message> on);
  }

  /** Who has an address. */
  interface Node {
    String name();

    void receive(byte[] packet, InetSocketAddress from);
  }

  private static final long LATE_NS = 3_000_000_000L;

  private final Timeline timeline;
  private final Random random;
  private final boolean hasLatePackets;
  private final Map<InetSocketAddress, Node> nodes = new HashMap<>();
  private final Map<InetSocketAddress, String> names = new HashMap<>();
  private final Set<String> cut = new TreeSet<>();
  private Passage passage = (message, on) -> on.accept(message);
  private int addresses;
  private double loss;
  private double doubling;
  private long maxDelayNs = 1_000_000;
  private boolean isCalm = true;

  long sent;
  long doubled;
  long lost;
  long stopped;
  long unheard;
  long delivered;
  long underway;

  /** Of those that are under way, the data packets. */
  long dataUnderway;

  SimulatedNetwork(Timeline timeline, Random random, boolean hasLatePackets) {
    this.timeline = timeline;
    this.random = random;
    this.hasLatePackets = hasLatePackets;
  }

  void setPassage(Passage before) {
    passage = before;
  }

  InetSocketAddress newAddress(int port) {
    int n = ++addresses;
    try {
      byte[] ip = {10, (byte) (n >> 16), (byte) (n >> 8), (byte) n};
      return new InetSocketAddress(InetAddress.getByAddress(ip), port);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  void bind(InetSocketAddress address, Node node) {
    nodes.put(address, node);
    names.put(address, node.name());
  }

  void unbind(InetSocketAddress address) {
    nodes.remove(address);
  }

  /** The name of who has or had an address. */
  String nameOf(InetSocketAddress address) {
    return names.getOrDefault(address, "nobody");
  }

  void setWeather(double newLoss, double newDoubling, long newMaxDelayNs) {
    loss = newLoss;
    doubling = newDoubling;
    maxDelayNs = newMaxDelayNs;
    isCalm = false;
  }

  void cut(String from, String to) {
    cut.add(from + ">" + to);
  }

  void join(String from, String to) {
    cut.remove(from + ">" + to);
  }

  void calm() {
    setWeather(0, 0, 1_000_000);
    cut.clear();
    isCalm = true;
  }

  void send(byte[] bytes, InetSocketAddress from, InetSocketAddress to) {
    sent++;
    Message message = new Message(bytes.clone(), from, to);
    if (random.nextDouble() < doubling) {
      doubled++;
      travel(message);
    }
    if (random.nextDouble() < loss) {
      lost++;
    } else {
      travel(message);
    }
  }

  private void travel(Message message) {
    underway++;
    dataUnderway += isData(message) ? 1 : 0;
    boolean late = hasLatePackets && !isCalm && random.nextInt(100) == 0;
    long delayNs = 50_000 + (long) (random.nextDouble() * (late ? LATE_NS : maxDelayNs));
    timeline.in(delayNs, () -> arrive(message));
  }

  private static boolean isData(Message message) {
    byte[] bytes = message.bytes();
    return Packet.fault(bytes, 0, bytes.length) == null && Packet.type(bytes, 0) == PacketType.DATA;
  }

  private void arrive(Message message) {
    underway--;
    dataUnderway -= isData(message) ? 1 : 0;
    if (cut.contains(names.get(message.from()) + ">" + names.get(message.to()))) {
      stopped++;
      return;
    }
    passage.pass(message, this::hand);
  }

  private void hand(Message message) {
    Node node = nodes.get(message.to());
    if (node == null) {
      unheard++;
      return;
    }
    delivered++;
    timeline.trace(
        node.name() + " is handed a packet of " + names.get(message.from()),
        message.bytes().length,
        Arrays.hashCode(message.bytes()));
    node.receive(message.bytes(), message.from());
  }
}
