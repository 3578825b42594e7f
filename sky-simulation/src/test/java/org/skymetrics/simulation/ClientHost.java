package org.skymetrics.simulation;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.skymetrics.client.ClientCounter;
import org.skymetrics.client.SimulatedClient;
import org.skymetrics.client.Sky;
import org.skymetrics.client.SkyBuilder;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.common.wire.Opened;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.store.batch.Series;

/** An application: counts now and then, ends in order or is killed, and is started again. */
final class ClientHost implements SimulatedNetwork.Node, SimulatedClient.Outside {
  private static final String[] KEYS = {
    "http|200", "http|404", "http|500>slow|x", "jobs>run", "a|b|c", "a|b", "a", "disk>sda|free"
  };
  private static final long BUDGET_BYTES = 1 << 16;

  /** The most that one harvest may add to what is held, when the budget is nearly used up. */
  private static final long HARVEST_BYTES = 1 << 13;

  /** How near to a period's end nothing is counted, where periods are checked. */
  private static final long EDGE_MS = 2_000;

  private final World world;
  private final Timeline timeline;
  private final Random random;
  private final String name;
  private final NodeClock clock;
  private final Map<String, InetSocketAddress> resolved = new TreeMap<>();
  private final Map<String, Long> lanes = new TreeMap<>();
  private SimulatedClient client;
  private Truth.Session session;
  private InetSocketAddress address;
  private boolean isClosing;
  private long wakeUps;
  private int starts;

  ClientHost(World world, String name, NodeClock clock) {
    this.world = world;
    this.timeline = world.timeline();
    this.random = world.random();
    this.name = name;
    this.clock = clock;
  }

  @Override
  public String name() {
    return name;
  }

  NodeClock clock() {
    return clock;
  }

  void start() {
    move();
    lanes.clear();
    isClosing = false;
    session = world.truth().begin(name + "." + ++starts);
    SkyBuilder builder =
        Sky.builder()
            .servers(world.bootstrap())
            .assumedPeriod(world.scenario().layout().period())
            .flushInterval(Duration.ofMillis(300 + random.nextInt(500)))
            .packetBudget(BUDGET_BYTES)
            .sharedTableOnly(random.nextBoolean());
    client = new SimulatedClient(builder, clock, random.nextLong(), this);
    wakeAt(0);
    countSoon(client);
  }

  /** The client has another address from now on. */
  void move() {
    if (address != null) {
      world.network().unbind(address);
    }
    address = world.network().newAddress(40_000);
    world.network().bind(address, this);
  }

  private void wakeAt(long delayNs) {
    long number = ++wakeUps;
    timeline.in(
        delayNs,
        () -> {
          if (number == wakeUps) {
            step();
          }
        });
  }

  private void step() {
    long due = clock.worldNs(client.step()) - timeline.nowNs();
    if (client.heldBytes() > BUDGET_BYTES + HARVEST_BYTES) {
      throw timeline.fail(name + " holds " + client.heldBytes() + " bytes of packets");
    }
    if (isClosing && client.isFinished()) {
      end();
    } else {
      wakeAt(Math.max(100_000, Math.min(due, 10_000_000_000L)));
    }
  }

  @Override
  public void receive(byte[] packet, InetSocketAddress from) {
    long handshakes = client.counter(ClientCounter.HANDSHAKES);
    long ambiguous = client.counter(ClientCounter.PACKETS_AMBIGUOUS);
    client.onPacket(packet, from);
    Packet read = Packet.read(packet, 0, packet.length);
    long gaveUp = client.counter(ClientCounter.PACKETS_AMBIGUOUS) - ambiguous;
    String server = world.nameOf(from);
    if (read instanceof Ack ack) {
      world.truth().takesAck(session, ack);
      if (ack.isFinal() && lanes.remove(server, ack.lane())) {
        timeline.trace(name + " has the last word of " + server, ack.lane(), ack.base());
      }
    } else if (read instanceof Opened opened
        && client.counter(ClientCounter.HANDSHAKES) > handshakes) {
      opens(server, opened.lane(), gaveUp);
    }
    wakeAt(0);
  }

  private void opens(String server, long lane, long gaveUp) {
    Long before = lanes.put(server, lane);
    timeline.trace(name + " has a lane of " + server, lane, before == null ? 0 : before);
    if (before == null || before == lane) {
      return;
    }
    if (gaveUp == 0) {
      world.truth().renumbers(session, before);
    } else if (world.truth().givesUp(session, before) != gaveUp) {
      throw timeline.fail(name + " gave up other packets than were in flight");
    }
  }

  @Override
  public boolean send(byte[] packet, InetSocketAddress to) {
    world.truth().sends(session, packet);
    if (random.nextInt(200) == 0 && !world.isHealing()) {
      return false;
    }
    world.network().send(packet, address, to);
    return true;
  }

  @Override
  public InetSocketAddress resolve(String host, int port, boolean lookUp) {
    InetSocketAddress known = resolved.get(host);
    if (lookUp) {
      world.server(host).ifPresent(server -> resolved.put(host, server.address()));
    }
    return known;
  }

  private void countSoon(SimulatedClient counting) {
    timeline.in(
        10_000_000 + random.nextInt(400_000_000),
        () -> {
          if (client == counting && !isClosing && !world.isHealing()) {
            if (mayCount()) {
              for (int i = random.nextInt(12); i >= 0; i--) {
                count();
              }
            }
            countSoon(counting);
          }
        });
  }

  /** Clocks are told to within a second, and not known before a server has said its own. */
  private boolean mayCount() {
    if (world.scenario().clocksStep()) {
      return true;
    }
    long periodMs = world.scenario().layout().period().lengthMs();
    long intoPeriod = (NodeClock.START_MS + timeline.nowNs() / 1_000_000) % periodMs;
    return client.counter(ClientCounter.HANDSHAKES) > 0
        && intoPeriod >= EDGE_MS
        && intoPeriod <= periodMs - EDGE_MS;
  }

  private void count() {
    world.counts.calls++;
    String key = KEYS[random.nextInt(KEYS.length)];
    Sky sky = client.sky();
    double eighths = random.nextInt(800) / 8.0;
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        int n = 1 + random.nextInt(9);
        sky.counter(key, n);
        CounterCell cell = new CounterCell();
        cell.add(n);
        accept(key, cell);
      }
      case 2 -> {
        sky.counter(key, eighths);
        CounterCell cell = new CounterCell();
        cell.add(eighths);
        accept(key, cell);
      }
      case 3 -> {
        int last = random.nextInt(4);
        sky.counterIn(key, last);
        CounterCell cell = new CounterCell();
        cell.add(1);
        accept(key + '|' + last, cell);
      }
      case 4 -> {
        sky.gauge(key, eighths);
        GaugeCell cell = new GaugeCell();
        cell.set(eighths, 0);
        accept(key, cell);
      }
      default -> {
        sky.histogram(key, eighths);
        HistogramCell cell = new HistogramCell();
        cell.record(eighths);
        accept(key, cell);
      }
    }
  }

  private void accept(String key, org.skymetrics.common.cell.Cell cell) {
    Kind kind = cell.kind();
    world.truth().accept(session, new Series(Key.of(key), kind), cell);
  }

  /** The process ends at once; another is started. */
  void kill() {
    timeline.trace(name + " is killed", 0, 0);
    session.diedEarly = true;
    start();
  }

  /** The application ends in order, and waits for so long until all is acknowledged. */
  void close(long timeoutNs) {
    if (isClosing) {
      return;
    }
    timeline.trace(name + " closes", 0, 0);
    isClosing = true;
    client.close();
    SimulatedClient closing = client;
    timeline.in(
        timeoutNs,
        () -> {
          if (client == closing) {
            end();
          }
        });
    wakeAt(0);
  }

  private void end() {
    check();
    session.diedEarly = !isAtRest();
    start();
  }

  boolean isAtRest() {
    return client.countsLeft() == 0 && client.packetsLeft() == 0;
  }

  String describe() {
    return name + " holds " + client.stats().heldPackets() + ", left " + client.countsLeft();
  }

  /** What the client says of itself adds up. */
  void check() {
    long sent = client.counter(ClientCounter.PACKETS_SENT);
    long known =
        client.counter(ClientCounter.PACKETS_ACKNOWLEDGED)
            + client.counter(ClientCounter.PACKETS_AMBIGUOUS);
    int held = client.stats().heldPackets();
    if (known > sent || known + held < sent) {
      throw timeline.fail(
          name + " sent " + sent + " packets, knows of " + known + " and holds " + held);
    }
    world.counts.ambiguous += client.counter(ClientCounter.PACKETS_AMBIGUOUS);
    world.counts.foldedLate += client.counter(ClientCounter.FOLDED_LATE);
    world.counts.resent += client.counter(ClientCounter.PACKETS_RESENT);
    world.counts.renumbered += client.counter(ClientCounter.PACKETS_RENUMBERED);
    world.counts.packets += sent;
    world.counts.acknowledged += client.counter(ClientCounter.PACKETS_ACKNOWLEDGED);
    if (client.counter(ClientCounter.SENDER_FAULTS) > 0) {
      throw timeline.fail(name + " had a fault of its own");
    }
  }
}
