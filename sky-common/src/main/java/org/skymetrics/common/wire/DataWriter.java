package org.skymetrics.common.wire;

import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.common.key.Key;

/**
 * Packs records into one DATA packet after the other; keys in sorted order pack best. A packet's
 * records are fixed when it is taken; {@link #stamp} then numbers it, and writes anew at each
 * transmission what may change.
 *
 * <p>Not safe for use by several threads.
 */
public final class DataWriter {
  /**
   * A histogram record has at most so many buckets, so that it fits any packet with the longest
   * key.
   */
  public static final int MAX_BUCKETS_PER_RECORD = 64;

  /** A set record has at most so many registers, for the same reason. */
  public static final int MAX_REGISTERS_PER_RECORD = 250;

  private final ByteWriter packet = new ByteWriter(Wire.MAX_PACKET_BYTES + 600);
  private final ByteWriter content = new ByteWriter(1024);
  private @Nullable Key before;
  private int records;

  public DataWriter() {
    clear();
  }

  /** How many records the packet holds. */
  public int records() {
    return records;
  }

  /** Adds a counter; false where the packet is too full for it, which is then left as it was. */
  public boolean addCounter(Key key, long sum) {
    beginContent(key);
    content.zigzag(sum);
    return endContent(Kind.COUNTER, key);
  }

  /**
   * Adds a cell; false where the packet is too full for it, which is then left as it was. A gauge's
   * time counts from the fold's reference instant; a histogram has at most {@link
   * #MAX_BUCKETS_PER_RECORD} buckets (see {@link HistogramCell#split}), a set at most {@link
   * #MAX_REGISTERS_PER_RECORD} registers (see {@link SetCell#split}).
   */
  public boolean add(Key key, Cell cell) {
    beginContent(key);
    if (cell instanceof CounterCell counter) {
      counter.write(content);
    } else if (cell instanceof GaugeCell gauge) {
      gauge.write(content);
    } else if (cell instanceof HistogramCell histogram) {
      histogram.write(content);
    } else if (cell instanceof SetCell set) {
      set.write(content);
    }
    return endContent(cell.kind(), key);
  }

  /**
   * The packet with its records, not yet numbered; null where it has none. The writer is empty
   * after.
   */
  public byte @Nullable [] take() {
    if (records == 0) {
      return null;
    }
    byte[] bytes = packet.toBytes();
    clear();
    return bytes;
  }

  /**
   * Numbers a packet that was taken: session, lane, sequence, and the checksum over what never
   * changes.
   */
  public static void number(byte[] packet, long session, long lane, long sequence) {
    ByteWriter header = new ByteWriter(DataReader.RECORDS_OFFSET);
    Packet.header(header, PacketType.DATA, 0, session).u64(0).u64(lane).u64(sequence).zeros(12);
    System.arraycopy(header.array(), 0, packet, 0, DataReader.RECORDS_OFFSET);
    int crc = checksum(packet, 0, packet.length, new CRC32C());
    packet[DataReader.CRC_OFFSET] = (byte) (crc >>> 24);
    packet[DataReader.CRC_OFFSET + 1] = (byte) (crc >>> 16);
    packet[DataReader.CRC_OFFSET + 2] = (byte) (crc >>> 8);
    packet[DataReader.CRC_OFFSET + 3] = (byte) crc;
  }

  /**
   * Writes into a numbered packet what each transmission says anew.
   *
   * @param transmission how many packets were sent on the lane up to this one, re-sends too
   * @param open sequence minus the lowest sequence still open, 0 to {@link Wire#WINDOW} - 1
   * @param ageMs this moment minus the fold's reference instant, ms
   */
  public static void stamp(byte[] packet, long transmission, int open, long ageMs) {
    for (int i = 0; i < Long.BYTES; i++) {
      packet[DataReader.TRANSMISSION_OFFSET + i] = (byte) (transmission >>> (56 - 8 * i));
    }
    int age = (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, ageMs));
    packet[DataReader.OPEN_OFFSET] = (byte) (open >>> 8);
    packet[DataReader.OPEN_OFFSET + 1] = (byte) open;
    packet[DataReader.AGE_OFFSET] = (byte) (age >>> 24);
    packet[DataReader.AGE_OFFSET + 1] = (byte) (age >>> 16);
    packet[DataReader.AGE_OFFSET + 2] = (byte) (age >>> 8);
    packet[DataReader.AGE_OFFSET + 3] = (byte) age;
  }

  static int checksum(byte[] bytes, int offset, int length, CRC32C crc) {
    crc.reset();
    crc.update(bytes, offset + DataReader.LANE_OFFSET, 16);
    crc.update(bytes, offset + DataReader.RECORDS_OFFSET, length - DataReader.RECORDS_OFFSET);
    return (int) crc.getValue();
  }

  private void clear() {
    packet.clear();
    packet.zeros(DataReader.RECORDS_OFFSET);
    before = null;
    records = 0;
  }

  private void beginContent(Key key) {
    content.clear();
    int shared = before == null ? 0 : before.sharedPrefix(key);
    int suffix = key.length() - shared;
    content.varint(shared).varint(suffix);
    int at = content.length();
    content.zeros(suffix);
    key.copyTo(shared, content.array(), at, suffix);
  }

  private boolean endContent(Kind kind, Key key) {
    int needed = 1 + ByteWriter.varintLength(content.length()) + content.length();
    if (packet.length() + needed > Wire.MAX_DATA_BYTES) {
      return false;
    }
    packet.u8(kind.id()).varint(content.length()).raw(content.array(), 0, content.length());
    before = key;
    records++;
    return true;
  }
}
