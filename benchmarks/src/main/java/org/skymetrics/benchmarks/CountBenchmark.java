package org.skymetrics.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.common.wire.DataWriter;
import org.skymetrics.server.aggregate.Aggregator;
import org.skymetrics.server.aggregate.KeyLimits;
import org.skymetrics.server.aggregate.KeyLog;
import org.skymetrics.server.aggregate.OpenSegment;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Offenders;
import org.skymetrics.server.live.WatchTable;

/**
 * What a receiving thread does with a packet of Sky's own but for its lane and the journal: the
 * checksum, all records validated, and counted in their keys and the parents of these.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CountBenchmark {
  private static final int PARENTS = 50;
  private static final int MAX_BYTES = 1440;

  /** How many keys; each comes once a round, in order, as a client sends them. */
  @Param({"1000", "100000", "1000000"})
  public int keys;

  /** In order of key, as clients send them; or in any order. */
  @Param({"sorted", "any"})
  public String order;

  private final List<byte[]> packets = new ArrayList<>();
  private final DataReader reader = new DataReader();
  private final Counters counters = new Counters();
  private final Aggregator aggregator =
      new Aggregator(
          new OpenSegment(1, new KeyLimits(Integer.MAX_VALUE, Integer.MAX_VALUE)),
          42,
          new WatchTable(Period.ONE_MINUTE, 0),
          new KeyLog(Integer.MAX_VALUE, counters),
          new Offenders(Clock.system()),
          Clock.system(),
          counters);
  private int next;

  /** Makes the packets, and counts each once. */
  @Setup
  public void setUp() {
    List<Key> all = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      all.add(Key.of(String.format(Locale.ROOT, "service-%02d|%07d", i % PARENTS, i)));
    }
    if (order.equals("any")) {
      Collections.shuffle(all, new Random(1));
    } else {
      all.sort(null);
    }
    DataWriter writer = new DataWriter();
    for (Key key : all) {
      if (!writer.addCounter(key, 1)) {
        take(writer);
        writer.addCounter(key, 1);
      }
    }
    take(writer);
    System.out.println("A packet holds " + keys / packets.size() + " records");
    packets.forEach(packet -> count());
  }

  private void take(DataWriter writer) {
    byte[] packet = writer.take();
    if (packet == null || packet.length > MAX_BYTES) {
      throw new IllegalStateException("no packet");
    }
    DataWriter.number(packet, 1, 2, 3);
    DataWriter.stamp(packet, 1, 0, 0);
    packets.add(packet);
  }

  /** One packet; how many records it has is printed. */
  @Benchmark
  public void count() {
    byte[] packet = packets.get(next);
    next = next + 1 == packets.size() ? 0 : next + 1;
    if (reader.wrap(packet, 0, packet.length) != null || !aggregator.validate(reader)) {
      throw new IllegalStateException("a good packet is refused");
    }
    aggregator.count(reader, 0, 0, 0, aggregator.noted());
    aggregator.forgetNotes(0);
  }
}
