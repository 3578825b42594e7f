package org.skymetrics.benchmarks;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.seal.ClientSeal;
import org.skymetrics.common.seal.Secret;
import org.skymetrics.common.seal.Secrets;
import org.skymetrics.common.seal.ServerSeal;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.common.wire.DataWriter;

/** A full DATA packet of counters written and read, and where a key goes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WireBenchmark {
  private static final int MEMBERS = 10;

  private final List<Key> keys = new ArrayList<>();
  private final DataWriter writer = new DataWriter();
  private final DataReader reader = new DataReader();
  private final byte[] text =
      "http_requests|host-17|GET|200".getBytes(java.nio.charset.StandardCharsets.UTF_8);
  private byte[] packet = {};
  private final Secrets secrets = Secrets.of(Secret.parse("5a".repeat(32)));
  private final ClientSeal client = ClientSeal.of(() -> secrets, new SecureRandom());
  private final ServerSeal server = ServerSeal.of(() -> secrets, new SecureRandom());
  private final ByteWriter ack = new ByteWriter(64);
  private Ring ring = Ring.empty();
  private long transmissions = 1;
  private long hash;

  /** Makes keys, a packet full of them, and a ring. */
  @Setup
  public void begin() {
    for (int i = 0; i < 1_000; i++) {
      keys.add(Key.of("http_requests|host-" + (1_000 + i) + "|GET|200"));
    }
    packet = write();
    new Ack(1, false, 2, 3, 4, 5, 0, new byte[4]).write(ack);
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < MEMBERS; i++) {
      members.add(Member.parse("sky-" + i + ":8125"));
    }
    ring = Ring.of(members);
    System.out.println(
        "A full packet holds " + records() + " records in " + packet.length + " bytes");
  }

  private int records() {
    reader.wrap(packet, 0, packet.length);
    reader.rewind();
    int n = 0;
    while (reader.next()) {
      n++;
    }
    return n;
  }

  /** Counters in order of key until no more fits, numbered and stamped. */
  @Benchmark
  public byte[] write() {
    int i = 0;
    while (writer.addCounter(keys.get(i), 1_000 + i)) {
      i++;
    }
    byte[] bytes = writer.take();
    if (bytes == null) {
      throw new IllegalStateException("nothing fits");
    }
    DataWriter.number(bytes, 1, 2, 3);
    DataWriter.stamp(bytes, 1, 1, 250);
    return bytes;
  }

  /** Checksum and records looked at, and then all sums read. */
  @Benchmark
  public long read() {
    if (reader.wrap(packet, 0, packet.length) != null || !reader.validate()) {
      throw new IllegalStateException("a good packet is refused");
    }
    long sum = 0;
    while (reader.next()) {
      sum += reader.readCounterSum();
    }
    return sum;
  }

  /** A full packet, sealed by the client and opened by the server. */
  @Benchmark
  public int sealAndOpen() {
    DataWriter.stamp(packet, ++transmissions, 1, 250);
    byte[] sealed = client.close(packet, 1);
    if (server.open(sealed, 0, sealed.length) != null) {
      throw new IllegalStateException("a good packet is refused");
    }
    return server.length();
  }

  /** The same without the server's part. */
  @Benchmark
  public byte[] seal() {
    DataWriter.stamp(packet, ++transmissions, 1, 250);
    return client.close(packet, 1);
  }

  /** An acknowledgement, sealed by the server. */
  @Benchmark
  public int sealAck() {
    return server.close(ack).length();
  }

  /** Where a key stands on the ring: SHA-256 of it. */
  @Benchmark
  public long hash() {
    return Key.ofChecked(text, 0, text.length).ringHash();
  }

  /** Who owns a place of the ring, of 10 members. */
  @Benchmark
  public int owner() {
    hash = hash * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
    return ring.ownerIndex(hash);
  }
}
