package org.skymetrics.server.journal;

import java.util.SortedMap;
import java.util.zip.CRC32C;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.server.lane.Lane;

/**
 * Writes frames, one behind the other, into a buffer that is used again.
 *
 * <pre>
 *  u32 length of the body | u32 CRC-32C of the body | body
 *
 *  bodies, by their first byte:
 *  1 file     "SkyJ" | u8 version | u64 incarnation | u64 segment | u16 thread | u64 forgotten lanes
 *  2 lane     u64 lane | u64 session | u64 nonce | u8 verdict | u64 floor | 4 x u64 bits | ledger
 *  3 counted  u64 lane | u64 sequence | u64 transmission | u16 open | i64 reference, ms | records
 *  4 marked   the same, not counted: late, or malformed and without records
 *  5 batch    the stored form of a batch
 *  6 end      u32 number of batches | u16 n | n x (u16 thread | u64 length of its file of packets)
 *  7 filler   anything
 *  9 ledger   u64 lane | i64 period, ms | ledger
 * </pre>
 */
final class Frames {
  static final int HEADER_BYTES = 8;
  static final int FILE = 1;
  static final int LANE = 2;
  static final int COUNTED = 3;
  static final int MARKED = 4;
  static final int BATCH = 5;
  static final int END = 6;
  static final int FILLER = 7;
  static final int IDENTITY = 8;
  static final int LEDGER = 9;

  static final String MAGIC = "SkyJ";
  static final int VERSION = 1;

  /** What stands for the thread in the file of a segment's batches. */
  static final int BATCHES_THREAD = 0xffff;

  private final CRC32C crc = new CRC32C();
  private final ByteWriter out;

  Frames(int capacity) {
    out = new ByteWriter(capacity);
  }

  byte[] array() {
    return out.array();
  }

  int length() {
    return out.length();
  }

  void clear() {
    out.clear();
  }

  Frames file(long incarnation, long segment, int thread, long forgotten) {
    int start = begin(FILE);
    out.ascii(MAGIC).u8(VERSION).u64(incarnation).u64(segment).u16(thread).u64(forgotten);
    return end(start);
  }

  Frames lane(Lane lane) {
    int start = begin(LANE);
    lane.store(out);
    return end(start);
  }

  /** A packet; gives where in {@link #array()} its records begin. */
  int packet(boolean counts, long lane, DataReader packet, long referenceMs) {
    int start = begin(counts ? COUNTED : MARKED);
    out.u64(lane).u64(packet.sequence()).u64(packet.transmission());
    out.u16((int) (packet.sequence() - packet.lowestOpen())).u64(referenceMs);
    int recordsAt = out.length();
    out.raw(packet.array(), packet.recordsOffset(), packet.recordsLength());
    end(start);
    return recordsAt;
  }

  /** What the sums of a period get of a lane, and where its ledger stands then. */
  Frames ledger(Lane lane, long periodMs) {
    int start = begin(LEDGER);
    out.u64(lane.number()).u64(periodMs);
    lane.ledger().store(out);
    return end(start);
  }

  Frames batch(byte[] bytes) {
    int start = begin(BATCH);
    out.raw(bytes);
    return end(start);
  }

  Frames end(int batches, SortedMap<Integer, Long> packetBytes) {
    int start = begin(END);
    out.u32(batches).u16(packetBytes.size());
    packetBytes.forEach((thread, length) -> out.u16(thread).u64(length));
    return end(start);
  }

  Frames filler(int bytes) {
    int start = begin(FILLER);
    out.zeros(bytes);
    return end(start);
  }

  Frames identity(Identity identity) {
    int start = begin(IDENTITY);
    identity.store(out);
    return end(start);
  }

  private int begin(int type) {
    int start = out.length();
    out.zeros(HEADER_BYTES).u8(type);
    return start;
  }

  private Frames end(int start) {
    int bodyAt = start + HEADER_BYTES;
    int length = out.length() - bodyAt;
    crc.reset();
    crc.update(out.array(), bodyAt, length);
    out.putU32(start, length);
    out.putU32(start + 4, (int) crc.getValue());
    return this;
  }
}
