package org.skymetrics.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.seal.ClientSeal;
import org.skymetrics.common.seal.Secrets;
import org.skymetrics.common.seal.ServerSeal;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.common.wire.Opened;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.PacketType;

/**
 * Servers, a network that loses, doubles, delays and reorders, and a clock, all driven by one seed
 * on one thread; and the client that talks to them.
 */
final class FakeRing implements Network {
  /** Held, for a logger that nobody holds forgets its level: faults are what these tests are of. */
  private static final Logger QUIET = Logger.getLogger("org.skymetrics.client");

  static {
    QUIET.setLevel(Level.OFF);
  }

  static final long ACK_NS = 20_000_000;

  /** A series in one period. */
  record Slot(String key, Kind kind, long periodMs) {}

  private record Event(long atNs, long order, Runnable action, boolean isAck, String server) {}

  final ManualClock clock;
  final Core core;
  final Sky sky;
  final Sender sender;
  final Map<String, FakeServer> servers = new LinkedHashMap<>();
  final Random random;

  /** How far the servers' clocks are ahead of the client's. */
  long skewMs;

  double loss;
  double doubling;
  long maxDelayNs = 2_000_000;
  int steps;
  int datagrams;

  /** Packets that a server's seal refused. */
  int refused;

  private final Supplier<Secrets> secrets;
  private final ServerSeal observer;
  private final Map<String, ServerSeal> seals = new HashMap<>();
  private final InetSocketAddress client;
  private final Map<String, InetSocketAddress> hosts = new HashMap<>();
  private final Map<String, InetSocketAddress> resolved = new HashMap<>();
  private final Set<String> down = new HashSet<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::atNs).thenComparingLong(Event::order));
  private final Set<FakeServer.Place> acknowledged = new HashSet<>();
  private final Map<FakeServer.Place, Integer> contents = new HashMap<>();
  private final Map<Long, Long> transmissions = new HashMap<>();
  private final Map<FakeServer.Place, Long> counts = new HashMap<>();
  private final Set<String> vanished = new HashSet<>();
  private final Set<Long> unknownLanes = new HashSet<>();
  private final DataReader reader = new DataReader();
  private long order;
  private long lanes;
  private long stepAtNs;
  private int addresses;

  /** As it stands in the last packet. */
  long session;

  FakeRing(long seed, SkyBuilder builder, int serverCount) {
    this(seed, builder, serverCount, null);
  }

  /** A ring whose packets are sealed, where there are secrets. */
  FakeRing(long seed, SkyBuilder builder, int serverCount, Supplier<Secrets> secrets) {
    this.secrets = secrets;
    random = new Random(seed);
    observer = serverSeal();
    clock = new ManualClock(1_700_000_000_000L + random.nextInt(60_000));
    clock.advance(Duration.ofSeconds(5));
    client = address(9999);
    for (int i = 0; i < serverCount; i++) {
      addServer("s" + i);
    }
    setRing(List.copyOf(servers.keySet()));
    servers.keySet().forEach(name -> builder.servers(name + ":8125"));
    core = new Core(builder.settings(), clock, false);
    sky = core.root();
    ClientSeal seal = secrets == null ? ClientSeal.none() : ClientSeal.of(secrets, random);
    sender = core.newSender(new SplittableRandom(seed), this, seal);
    stepAtNs = clock.monotonicNs();
  }

  private ServerSeal serverSeal() {
    return secrets == null ? ServerSeal.none() : ServerSeal.of(secrets, random);
  }

  private InetSocketAddress address(int port) {
    try {
      int n = ++addresses;
      return new InetSocketAddress(
          InetAddress.getByAddress(new byte[] {10, 0, (byte) (n >> 8), (byte) n}), port);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  long serverMs() {
    return clock.wallMs() + skewMs;
  }

  FakeServer addServer(String name) {
    FakeServer server =
        new FakeServer(this::serverMs, () -> ++lanes, (bytes, to) -> toClient(name, bytes));
    servers.put(name, server);
    seals.put(name, serverSeal());
    hosts.put(name, address(8125));
    return server;
  }

  static Member member(String name) {
    return new Member(name, name, 8125, 0);
  }

  void setRing(List<String> names) {
    Ring ring = Ring.of(names.stream().map(FakeRing::member).toList());
    servers.values().forEach(server -> server.ring = ring);
  }

  void setDown(String name, boolean isDown) {
    if (isDown) {
      down.add(name);
    } else if (!vanished.contains(name)) {
      down.remove(name);
    }
  }

  void unknownHost(String name) {
    hosts.remove(name);
  }

  void move(String name) {
    hosts.put(name, address(8125));
  }

  /** Another name of a server. */
  void alias(String name, String other) {
    hosts.put(other, hosts.get(name));
  }

  /**
   * The server ends and comes back without its lanes, and without what was counted on them that the
   * client has no acknowledgement of: so that may be renumbered.
   */
  void crashUncounted(String name) {
    FakeServer server = servers.get(name);
    List<Long> gone = server.forgetLanes(Opened.Verdict.RENUMBER);
    seals.put(name, serverSeal());
    events.removeIf(event -> event.isAck() && event.server().equals(name));
    server
        .taken
        .keySet()
        .removeIf(place -> gone.contains(place.lane()) && !acknowledged.contains(place));
  }

  /** The server ends and comes back without its lanes; what was counted stays counted. */
  void crashCounted(String name) {
    unknownLanes.addAll(servers.get(name).forgetLanes(Opened.Verdict.UNKNOWN));
    seals.put(name, serverSeal());
    events.removeIf(event -> event.isAck() && event.server().equals(name));
  }

  /**
   * The server ends and never comes back. What it counted without the client having heard so is
   * gone as far as that is concerned, and is to be reported as ambiguous.
   */
  void vanish(String name) {
    FakeServer server = servers.get(name);
    List<Long> gone = server.forgetLanes(Opened.Verdict.UNKNOWN);
    unknownLanes.addAll(gone);
    vanished.add(name);
    setDown(name, true);
  }

  /** The server ends in good order; its last word may be lost. */
  void stop(String name) {
    FakeServer server = servers.get(name);
    server.stop();
    setDown(name, true);
  }

  @Override
  public boolean send(byte[] packet, InetSocketAddress to) {
    datagrams++;
    session = ByteBuffer.wrap(packet).getLong(4);
    if (Packet.type(packet, 0) == PacketType.DATA) {
      assertThat(observer.open(packet, 0, packet.length)).isNull();
      remember(
          Arrays.copyOfRange(
              observer.array(), observer.offset(), observer.offset() + observer.length()));
    }
    byte[] copy = packet.clone();
    travel(
        false,
        "",
        () -> {
          for (Map.Entry<String, FakeServer> entry : servers.entrySet()) {
            if (to.equals(hosts.get(entry.getKey())) && !down.contains(entry.getKey())) {
              give(copy, entry.getKey());
              FakeServer server = entry.getValue();
              at(
                  clock.monotonicNs() + ACK_NS,
                  false,
                  "",
                  () -> acknowledge(entry.getKey(), server));
              return;
            }
          }
        });
    return true;
  }

  private void give(byte[] packet, String name) {
    ServerSeal seal = seals.get(name);
    if (seal.open(packet, 0, packet.length) == null) {
      int at = seal.offset();
      servers.get(name).onPacket(Arrays.copyOfRange(seal.array(), at, at + seal.length()), client);
    } else {
      refused++;
    }
  }

  private void acknowledge(String name, FakeServer server) {
    if (!down.contains(name)) {
      server.acknowledge();
    }
  }

  /** What (lane, sequence) holds never changes; each transmission has a number of its own. */
  private void remember(byte[] packet) {
    assertThat(reader.wrap(packet, 0, packet.length)).isNull();
    assertThat(reader.transmission()).isEqualTo(transmissions.merge(reader.lane(), 1L, Long::sum));
    FakeServer.Place place = new FakeServer.Place(reader.lane(), reader.sequence());
    int content = Arrays.hashCode(Arrays.copyOfRange(packet, 48, packet.length));
    assertThat(contents.computeIfAbsent(place, p -> content)).isEqualTo(content);
    long sum = 0;
    reader.rewind();
    while (reader.next()) {
      String key = new String(reader.keyBytes(), 0, reader.keyLength(), UTF_8);
      sum += isOfTheApplication(key) ? count(reader.readCell()) : 0;
    }
    counts.put(place, sum);
  }

  /** What the client says of itself is none of the counts that it was given. */
  private static boolean isOfTheApplication(String key) {
    return !key.startsWith("sky>client|");
  }

  static long count(Cell cell) {
    return switch (cell.kind()) {
      case COUNTER -> ((org.skymetrics.common.cell.CounterCell) cell).sum();
      case GAUGE -> ((org.skymetrics.common.cell.GaugeCell) cell).count();
      case HISTOGRAM -> ((org.skymetrics.common.cell.HistogramCell) cell).count();
      case SET -> ((org.skymetrics.common.cell.SetCell) cell).estimate();
    };
  }

  @Override
  public InetSocketAddress resolve(String host, int port, boolean lookUp) {
    InetSocketAddress known = resolved.get(host);
    if (lookUp && hosts.containsKey(host)) {
      resolved.put(host, hosts.get(host));
    }
    return known;
  }

  private void toClient(String server, byte[] plain) {
    InetSocketAddress from = hosts.get(server);
    boolean isAck = Packet.type(plain, 0) == PacketType.ACK;
    ByteWriter packet = new ByteWriter(plain.length).raw(plain);
    byte[] bytes = seals.get(server).close(packet).toBytes();
    travel(
        isAck,
        server,
        () -> {
          if (Packet.read(plain, 0, plain.length) instanceof Ack ack) {
            noteAcknowledged(ack);
          }
          sender.onPacket(bytes, bytes.length, from);
          stepAtNs = clock.monotonicNs();
        });
  }

  private void noteAcknowledged(Ack ack) {
    for (FakeServer.Place place : counts.keySet()) {
      if (place.lane() == ack.lane() && ack.covers(place.sequence())) {
        acknowledged.add(place);
      }
    }
  }

  private void travel(boolean isAck, String server, Runnable arrival) {
    if (random.nextDouble() >= loss) {
      at(clock.monotonicNs() + delay(), isAck, server, arrival);
    }
    if (random.nextDouble() < doubling) {
      at(clock.monotonicNs() + delay(), isAck, server, arrival);
    }
  }

  private long delay() {
    boolean late = loss > 0 && random.nextInt(100) == 0;
    return 100_000 + (long) (random.nextDouble() * (late ? 3_000_000_000L : maxDelayNs));
  }

  void at(long atNs, Runnable action) {
    at(atNs, false, "", action);
  }

  private void at(long atNs, boolean isAck, String server, Runnable action) {
    events.add(new Event(atNs, order++, action, isAck, server));
  }

  /** Lets time pass: each event and each step of the sender in its turn. */
  void run(Duration time) {
    long endNs = clock.monotonicNs() + time.toNanos();
    int atOneMoment = 0;
    while (true) {
      long now = clock.monotonicNs();
      while (!events.isEmpty() && events.peek().atNs() <= now) {
        events.remove().action().run();
      }
      if (stepAtNs <= now) {
        steps++;
        stepAtNs = sender.step();
      }
      long next = Math.min(endNs, stepAtNs);
      if (!events.isEmpty()) {
        next = Math.min(next, events.peek().atNs());
      }
      if (now >= endNs && next >= endNs) {
        return;
      }
      atOneMoment = next > now ? 0 : atOneMoment + 1;
      assertThat(atOneMoment).as("turns without time passing").isLessThan(10_000);
      clock.advance(Duration.ofNanos(Math.max(0, next - now)));
    }
  }

  /** All faults end, all servers are there, and there is time to finish. */
  void heal() {
    loss = 0;
    doubling = 0;
    maxDelayNs = 2_000_000;
    down.retainAll(vanished);
    run(Duration.ofSeconds(90));
  }

  /** Counts in packets that the client has to give up: sent on lanes whose fate is unknown. */
  long ambiguous() {
    long sum = 0;
    for (Map.Entry<FakeServer.Place, Long> entry : counts.entrySet()) {
      if (unknownLanes.contains(entry.getKey().lane()) && !acknowledged.contains(entry.getKey())) {
        sum += entry.getValue();
      }
    }
    return sum;
  }

  /** All that was counted on all servers, by series and period. */
  Map<Slot, Cell> delivered() {
    Map<Slot, Cell> all = new HashMap<>();
    for (FakeServer server : servers.values()) {
      for (FakeServer.Taken taken : server.taken.values()) {
        for (FakeServer.Counted counted : taken.records()) {
          Kind kind = counted.cell().kind();
          if (!isOfTheApplication(counted.key().toString())) {
            continue;
          }
          all.computeIfAbsent(
                  new Slot(counted.key().toString(), kind, taken.periodMs()), s -> kind.newCell())
              .merge(counted.cell());
        }
      }
    }
    return all;
  }

  /** What the client said of its losses. */
  long lossReported(ClientCounter counter) {
    long sum = 0;
    for (FakeServer server : servers.values()) {
      for (FakeServer.Taken taken : server.taken.values()) {
        for (FakeServer.Counted counted : taken.records()) {
          sum += counted.key().equals(LossReport.keyOf(counter)) ? count(counted.cell()) : 0;
        }
      }
    }
    return sum;
  }

  /** What a server counted of which the client has no acknowledgement is taken as lost with it. */
  void forgetUnacknowledged() {
    servers.forEach(
        (name, server) -> {
          if (vanished.contains(name)) {
            server.taken.keySet().removeIf(place -> !acknowledged.contains(place));
          }
        });
  }

  /** The same over all periods. */
  Map<String, Long> deliveredCounts() {
    Map<String, Long> all = new TreeMap<>();
    delivered()
        .forEach((slot, cell) -> all.merge(slot.kind() + " " + slot.key(), count(cell), Long::sum));
    return all;
  }

  long accepted() {
    return core.stats().acceptedCounts();
  }

  int recordsOf(String key) {
    int n = 0;
    for (FakeServer server : servers.values()) {
      for (FakeServer.Taken taken : server.taken.values()) {
        for (FakeServer.Counted counted : taken.records()) {
          n += counted.key().equals(Key.of(key)) ? 1 : 0;
        }
      }
    }
    return n;
  }

  List<String> names() {
    return new ArrayList<>(servers.keySet());
  }

  long stat(ClientCounter counter) {
    return core.stats().get(counter);
  }
}
