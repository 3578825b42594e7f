package org.skymetrics.server.ingest;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.common.wire.DataWriter;
import org.skymetrics.common.wire.Opened;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.Wire;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.TestRing;
import org.skymetrics.server.fixture.TestRing.Sent;

/**
 * Packets of strangers for a whole server: raw bytes, and records of any kind in a packet whose
 * header and checksum are good, for no search finds a checksum.
 *
 * <p>Holds: nothing is thrown; each packet has one cause or effect that is counted; nothing but a
 * cookie goes to an address that is not proved, and no answer is longer than its question; a packet
 * that is taken has records that can be read.
 */
public final class PacketTarget {
  private static final InetSocketAddress CLIENT = TestRing.address(1);
  private static final InetSocketAddress STRANGER = TestRing.address(2);
  private static final long SESSION = 77;

  /** A server that has counted so many packets makes room for the next. */
  private static final int PACKETS_A_SERVER = 2_000;

  private static final int RECORDS_OFFSET = recordsOffset();

  /** What becomes of a packet, each of another. */
  private static final Set<ServerCounter> OUTCOMES =
      EnumSet.of(
          ServerCounter.PACKETS_NOT_SKY,
          ServerCounter.PACKETS_TOO_SHORT,
          ServerCounter.PACKETS_TOO_LONG,
          ServerCounter.PACKETS_OTHER_VERSION,
          ServerCounter.PACKETS_UNKNOWN_TYPE,
          ServerCounter.PACKETS_SEALED,
          ServerCounter.PACKETS_BAD_CHECKSUM,
          ServerCounter.PACKETS_MALFORMED,
          ServerCounter.PACKETS_WRONG_DIRECTION,
          ServerCounter.HELLOS,
          ServerCounter.COOKIES_REFUSED,
          ServerCounter.UNPROVED_DATA,
          ServerCounter.DATA_PACKETS_COUNTED,
          ServerCounter.DATA_PACKETS_COPIED,
          ServerCounter.DATA_PACKETS_BELATED,
          ServerCounter.DATA_PACKETS_MALFORMED,
          ServerCounter.DATA_PACKETS_OVER_RATE,
          ServerCounter.DUPLICATES,
          ServerCounter.BEYOND_WINDOW,
          ServerCounter.LATE_PACKETS,
          ServerCounter.FUTURE_PACKETS,
          ServerCounter.GAUGE_CHANGES_WAITING);

  private static TestRing ring = TestRing.of(1);
  private static long lane;
  private static long sequence;
  private static int packets = PACKETS_A_SERVER;

  private PacketTarget() {}

  public static void fuzzerTestOneInput(byte[] data) {
    if (packets >= PACKETS_A_SERVER) {
      begin();
    }
    packets++;
    if (data.length == 0) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(data, 1, data.length);
    if ((data[0] & 1) == 0) {
      fromAStranger(bytes);
    } else {
      fromAClient(bytes);
    }
    if (ring.counter(ServerCounter.INTERNAL_ERRORS) > 0) {
      throw new AssertionError("an internal error");
    }
  }

  private static void begin() {
    ring = TestRing.of(1);
    Opened opened = ring.open(0, CLIENT, SESSION, 1, 0);
    lane = opened.lane();
    sequence = 0;
    packets = 0;
  }

  private static void fromAStranger(byte[] bytes) {
    long outcomes = outcomes();
    List<Sent> answers = ring.receive(0, STRANGER, bytes);
    if (outcomes() != outcomes + 1) {
      throw new AssertionError("outcomes of one packet: " + (outcomes() - outcomes));
    }
    int answered = answers.stream().mapToInt(sent -> sent.bytes().length).sum();
    if (answered > bytes.length) {
      throw new AssertionError(answered + " bytes for " + bytes.length);
    }
  }

  private static void fromAClient(byte[] records) {
    int length = Math.min(records.length, Wire.MAX_PACKET_BYTES - RECORDS_OFFSET);
    byte[] packet = new byte[RECORDS_OFFSET + length];
    System.arraycopy(records, 0, packet, RECORDS_OFFSET, length);
    DataWriter.number(packet, SESSION, lane, ++sequence);
    DataWriter.stamp(packet, sequence, 0, 0);
    long outcomes = outcomes();
    long counted = ring.counter(ServerCounter.DATA_PACKETS_COUNTED);
    // The server writes into its own what the changes of gauges come to.
    ring.receive(0, CLIENT, packet.clone());
    if (outcomes() != outcomes + 1) {
      throw new AssertionError("outcomes of one packet: " + (outcomes() - outcomes));
    }
    if (ring.counter(ServerCounter.DATA_PACKETS_COUNTED) > counted) {
      readAll(packet);
    }
  }

  private static void readAll(byte[] packet) {
    DataReader reader = new DataReader();
    if (reader.wrap(packet, 0, packet.length) != null || !reader.validate()) {
      throw new AssertionError("counted, and malformed");
    }
    int records = 0;
    while (reader.next()) {
      records++;
      if (reader.kind() != null
          && Key.fault(reader.keyBytes(), 0, reader.keyLength()) == null
          && reader.readCell().kind() != reader.kind()) {
        throw new AssertionError("a cell of another kind");
      }
    }
    if (records > packet.length) {
      throw new AssertionError("more records than bytes");
    }
  }

  private static long outcomes() {
    return OUTCOMES.stream().mapToLong(ring::counter).sum();
  }

  private static int recordsOffset() {
    DataWriter writer = new DataWriter();
    writer.addCounter(Key.of("a"), 1);
    byte[] packet = writer.take();
    DataWriter.number(packet, 1, 1, 1);
    if (Packet.fault(packet, 0, packet.length) != null) {
      throw new AssertionError("no packet");
    }
    DataReader reader = new DataReader();
    reader.wrap(packet, 0, packet.length);
    return reader.recordsOffset();
  }
}
