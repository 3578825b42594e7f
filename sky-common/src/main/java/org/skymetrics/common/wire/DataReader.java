package org.skymetrics.common.wire;

import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.common.key.Key;

/**
 * A flyweight over one DATA packet after the other. {@link #wrap} looks at the header and the
 * checksum, {@link #validate} walks all records once without effect, {@link #next} then gives one
 * after the other.
 *
 * <pre>
 *  0 common header | 12 u64 transmission | 20 u64 lane | 28 u64 sequence | 36 u16 open | 38 u16 zero | 40 i32 age
 * 44 u32 CRC-32C | 48 records
 * </pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class DataReader {
  static final int TRANSMISSION_OFFSET = 12;
  static final int LANE_OFFSET = 20;
  static final int OPEN_OFFSET = 36;
  static final int AGE_OFFSET = 40;
  static final int CRC_OFFSET = 44;
  static final int RECORDS_OFFSET = 48;

  /** Kind, length, two lengths of the key, a byte of it. */
  static final int MIN_RECORD_BYTES = 5;

  private static final RecordNotes NO_NOTES =
      new RecordNotes() {
        @Override
        public boolean isKnown(byte[] key, int length, Kind kind) {
          return false;
        }

        @Override
        public void counter(long sum, double fraction) {}

        @Override
        public void other() {}
      };

  private final ByteReader in = new ByteReader();
  private final ByteReader content = new ByteReader();
  private final CRC32C crc = new CRC32C();
  private final byte[] key = new byte[Wire.MAX_PACKET_BYTES];
  private byte[] bytes = {};
  private int recordsAt;
  private int recordsLength;

  private long session;
  private long transmission;
  private long lane;
  private long sequence;
  private int open;
  private int ageMs;

  private int keyLength;
  private boolean gaugeChanges;
  private int payloadAt;

  /** A number: to store a reference for each record would cost a memory fence (G1's barrier). */
  private int kindId;

  /**
   * Begins with a packet whose common header was found good: reads the header and checks the
   * checksum.
   *
   * @return why it is refused, or null
   */
  public @Nullable PacketFault wrap(byte[] packet, int offset, int length) {
    bytes = packet;
    in.reset(packet, offset, length);
    in.skip(4);
    session = in.u64();
    transmission = in.u64();
    lane = in.u64();
    sequence = in.u64();
    open = in.u16();
    in.u16();
    ageMs = in.u32();
    int sum = in.u32();
    recordsAt = offset + RECORDS_OFFSET;
    recordsLength = length - RECORDS_OFFSET;
    if (in.failed()) {
      return PacketFault.TOO_SHORT;
    }
    if (DataWriter.checksum(packet, offset, length, crc) != sum) {
      return PacketFault.BAD_CHECKSUM;
    }
    boolean makesSense = transmission > 0 && sequence > 0 && open < Wire.WINDOW && open < sequence;
    return makesSense ? null : PacketFault.MALFORMED;
  }

  /**
   * Begins with the records of a packet whose header and checksum were found good before: a
   * receiver keeps them apart from the packet until they are safe to count.
   */
  public void wrapRecords(
      byte[] records, int offset, int length, long ofSession, long ofLane, long ofSequence) {
    bytes = records;
    recordsAt = offset;
    recordsLength = length;
    session = ofSession;
    transmission = 0;
    lane = ofLane;
    sequence = ofSequence;
    open = 0;
    ageMs = 0;
    rewind();
  }

  /** Has no records from now on. */
  public void dropRecords() {
    recordsLength = 0;
    rewind();
  }

  /**
   * Walks all records without effect; whether each follows its layout. {@link #next} starts from
   * the first after this.
   */
  public boolean validate() {
    return validate(NO_NOTES);
  }

  /** As {@link #validate()}, and tells of each record as it goes. */
  public boolean validate(RecordNotes notes) {
    gaugeChanges = false;
    rewind();
    while (next()) {
      if (!validateRecord(notes)) {
        return false;
      }
    }
    boolean good = !in.failed();
    rewind();
    return good;
  }

  private boolean validateRecord(RecordNotes notes) {
    Kind known = kind();
    if (known == null
        || (!notes.isKnown(key, keyLength, known) && Key.fault(key, 0, keyLength) != null)) {
      notes.other();
    } else if (known == Kind.COUNTER) {
      long sum = readCounterSum();
      double fraction = readCounterFraction();
      if (content.failed() || !Double.isFinite(fraction)) {
        return false;
      }
      notes.counter(sum, fraction);
    } else {
      gaugeChanges |= readCell() instanceof GaugeCell gauge && gauge.isChange();
      if (content.failed()) {
        return false;
      }
      notes.other();
    }
    return true;
  }

  /** Goes back to before the first record. */
  public void rewind() {
    in.reset(bytes, recordsAt, recordsLength);
    keyLength = 0;
  }

  /** Moves to the next record; false after the last, or where the packet is malformed. */
  public boolean next() {
    if (in.remaining() == 0) {
      return false;
    }
    kindId = in.u8();
    int length = in.length(in.remaining());
    int contentAt = in.position();
    if (!in.skip(length)) {
      return false;
    }
    content.reset(bytes, contentAt, length);
    int shared = content.length(keyLength);
    int suffix = content.length(content.remaining());
    if (shared + suffix > key.length) {
      content.fail();
    }
    content.raw(key, shared, suffix);
    keyLength = shared + suffix;
    if (content.failed()) {
      in.fail();
      return false;
    }
    payloadAt = content.position();
    return true;
  }

  public long session() {
    return session;
  }

  /** The number of this transmission on the lane: from 1, one more with each, re-sends too. */
  public long transmission() {
    return transmission;
  }

  /** The array that the packet is in. */
  public byte[] array() {
    return bytes;
  }

  /** Where the records are in {@link #array()}. */
  public int recordsOffset() {
    return recordsAt;
  }

  /** How many bytes of records there are. */
  public int recordsLength() {
    return recordsLength;
  }

  public long lane() {
    return lane;
  }

  public long sequence() {
    return sequence;
  }

  /** The lowest sequence that the client still holds open. */
  public long lowestOpen() {
    return sequence - open;
  }

  /**
   * How long before its transmission the fold's reference instant was, ms; negative where it is
   * still ahead.
   */
  public int ageMs() {
    return ageMs;
  }

  /** The record's kind; null where it is one that this version does not know. */
  public @Nullable Kind kind() {
    return Kind.byId(kindId);
  }

  public int kindId() {
    return kindId;
  }

  /**
   * The array that holds the record's key from 0 to {@link #keyLength()}, good until {@link #next}.
   */
  public byte[] keyBytes() {
    return key;
  }

  public int keyLength() {
    return keyLength;
  }

  /** Whether {@link #validate} met a record that changes a gauge by some number. */
  public boolean hasGaugeChanges() {
    return gaugeChanges;
  }

  /** Whether the record, of a packet that was found good, changes a gauge by some number. */
  public boolean isGaugeChange() {
    return kind() == Kind.GAUGE && GaugeCell.isChange(bytes, payloadAt);
  }

  /** Makes the record, which changes a gauge, one that sets it: in the packet itself. */
  public void settleGaugeChange(double value) {
    GaugeCell.settle(bytes, payloadAt, value);
  }

  /** The payload of a counter without a cell: call instead of {@link #readCell}, and once. */
  public long readCounterSum() {
    return content.zigzag();
  }

  /** What {@link #readCounterSum} left: the fraction, 0 where there is none. */
  public double readCounterFraction() {
    return content.remaining() > 0 ? content.f64() : 0;
  }

  /** The record's payload; the kind is one that is known. Call it once a record. */
  public Cell readCell() {
    Kind known = kind();
    if (known == null) {
      throw new IllegalStateException("a record of kind " + kindId + " can only be skipped");
    }
    return switch (known) {
      case COUNTER -> CounterCell.read(content);
      case GAUGE -> GaugeCell.read(content);
      case HISTOGRAM -> HistogramCell.read(content);
      case SET -> SetCell.read(content);
    };
  }
}
