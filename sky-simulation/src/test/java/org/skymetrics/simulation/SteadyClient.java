package org.skymetrics.simulation;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.skymetrics.client.ClientCounter;
import org.skymetrics.client.SimulatedClient;
import org.skymetrics.client.Sky;
import org.skymetrics.common.time.Period;

/** A client that counts each of its keys in every flush, on a network that does nothing wrong. */
final class SteadyClient implements SimulatedNetwork.Node, SimulatedClient.Outside {
  private static final long COUNT_NS = 100_000_000;

  private final World world;
  private final Timeline timeline;
  private final String name;
  private final NodeClock clock;
  private final InetSocketAddress address;
  private final List<String> keys;
  private final SimulatedClient client;
  private long wakeUps;

  SteadyClient(World world, String name, List<String> keys, Period period, Duration flush) {
    this.world = world;
    this.timeline = world.timeline();
    this.name = name;
    this.keys = keys;
    this.clock = new NodeClock(timeline, 1_000_000_000L, 0);
    this.address = world.network().newAddress(40_000);
    this.client =
        new SimulatedClient(
            Sky.builder().servers("s0:8125").assumedPeriod(period).flushInterval(flush),
            clock,
            world.random().nextLong(),
            this);
  }

  void start() {
    world.network().bind(address, this);
    wakeAt(world.random().nextInt(500_000_000));
    countSoon();
  }

  private void countSoon() {
    timeline.in(
        COUNT_NS,
        () -> {
          keys.forEach(client.sky()::counter);
          countSoon();
        });
  }

  private void wakeAt(long delayNs) {
    long number = ++wakeUps;
    timeline.in(
        delayNs,
        () -> {
          if (number == wakeUps) {
            long due = clock.worldNs(client.step()) - timeline.nowNs();
            wakeAt(Math.max(100_000, Math.min(due, 10_000_000_000L)));
          }
        });
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void receive(byte[] packet, InetSocketAddress from) {
    client.onPacket(packet, from);
    wakeAt(0);
  }

  @Override
  public boolean send(byte[] packet, InetSocketAddress to) {
    world.network().send(packet, address, to);
    return true;
  }

  @Override
  public InetSocketAddress resolve(String host, int port, boolean lookUp) {
    return world.server(host).map(ServerHost::address).orElse(null);
  }

  long counter(ClientCounter counter) {
    return client.counter(counter);
  }
}
