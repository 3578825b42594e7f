package org.skymetrics.server.journal;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.CrashingFiles;
import org.skymetrics.server.fixture.DataPackets;
import org.skymetrics.server.fixture.TestRing;

/**
 * Journal files of any content for a server that starts: frames of any body whose lengths and
 * checksums are good, and bytes behind them that need not be. Holds: it starts, or says that the
 * journal can't be used; and then it counts what comes, and seals.
 */
public final class JournalTarget {
  private static final String PACKETS = "segment-1-0";
  private static final String BATCHES = "segment-1-batches";

  private static final byte[] IDENTITY;
  private static final byte[] FILE_FRAME;

  static {
    CrashingFiles files = written();
    IDENTITY = files.bytes(Identity.FILE);
    byte[] packets = files.bytes(PACKETS);
    int length = Frames.HEADER_BYTES + packets[3];
    FILE_FRAME = Arrays.copyOf(packets, length);
  }

  private JournalTarget() {}

  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length < 2) {
      return;
    }
    CrashingFiles files = new CrashingFiles(new Random(1));
    files.put(Identity.FILE, IDENTITY);
    byte[] content = frames(data);
    files.put((data[0] & 1) == 0 ? PACKETS : BATCHES, content);
    TestRing ring;
    try {
      ring = new TestRing(1, 1, b -> b, new ManualClock(TestRing.START_MS + 5_000), null, files);
    } catch (JournalException e) {
      return;
    }
    DataPackets lane = new DataPackets(78, ring.open(0, TestRing.address(3), 78, 9, 0).lane());
    ring.receive(0, TestRing.address(3), lane.counter("after|it", 1));
    ring.flush();
    if (ring.counter(ServerCounter.DATA_PACKETS_COUNTED) != 1
        || ring.counter(ServerCounter.INTERNAL_ERRORS) != 0) {
      throw new AssertionError("it does not go on");
    }
  }

  /** Each frame's length is a byte of the input; what is left over stands there as it is. */
  private static byte[] frames(byte[] data) {
    ByteWriter out = new ByteWriter(2 * data.length + FILE_FRAME.length);
    if ((data[0] & 2) == 0) {
      out.raw(FILE_FRAME);
    }
    CRC32C crc = new CRC32C();
    int at = 2;
    for (int n = data[1] & 7; n > 0 && at < data.length; n--) {
      int length = Math.min(data[at] & 0xff, data.length - at - 1);
      crc.reset();
      crc.update(data, at + 1, length);
      out.u32(length).u32((int) crc.getValue()).raw(data, at + 1, length);
      at += 1 + length;
    }
    return out.raw(data, at, data.length - at).toBytes();
  }

  private static CrashingFiles written() {
    CrashingFiles files = new CrashingFiles(new Random(1));
    TestRing ring = new TestRing(1, 1, b -> b, new ManualClock(TestRing.START_MS), null, files);
    DataPackets lane = new DataPackets(77, ring.open(0, TestRing.address(1), 77, 1, 0).lane());
    ring.receive(0, TestRing.address(1), lane.counter("http_status|200", 3));
    return files;
  }

  /** A good journal of one packet, as an input. */
  public static byte[] seed() {
    byte[] packets = written().bytes(PACKETS);
    ByteWriter out = new ByteWriter(packets.length);
    out.u8(0).u8(7);
    for (int at = FILE_FRAME.length; at < packets.length; ) {
      int length = packets[at + 3];
      out.u8(length).raw(packets, at + Frames.HEADER_BYTES, length);
      at += Frames.HEADER_BYTES + length;
    }
    return out.toBytes();
  }
}
