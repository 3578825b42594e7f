package org.skymetrics.server.journal;

import java.io.IOException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.store.period.Layout;

/**
 * Who a journal directory is, and how far it has come: what must never be used twice.
 *
 * <pre>
 *  "SkyI" | u8 version | u64 incarnation | u64 random of lane numbers | u32 period, ms | u32 shards
 *    | u64 lanes reserved | u64 highest segment that was deleted
 * </pre>
 *
 * @param incarnation first half of the name of each batch
 * @param laneRandom upper bits of each lane number
 * @param periodMs the layout that the batches have
 * @param shards the same
 * @param lanesReserved lane numbers up to this counter may have been given
 * @param highestDeleted segment numbers up to this one may have been used
 */
record Identity(
    long incarnation,
    long laneRandom,
    long periodMs,
    int shards,
    long lanesReserved,
    long highestDeleted) {
  static final String FILE = "identity";
  private static final String FRESH_FILE = "identity.new";
  private static final String MAGIC = "SkyI";
  private static final int VERSION = 1;

  Identity withLanesReserved(long counter) {
    return new Identity(incarnation, laneRandom, periodMs, shards, counter, highestDeleted);
  }

  Identity withHighestDeleted(long segment) {
    return new Identity(incarnation, laneRandom, periodMs, shards, lanesReserved, segment);
  }

  void store(ByteWriter out) {
    out.ascii(MAGIC).u8(VERSION).u64(incarnation).u64(laneRandom);
    out.u32((int) periodMs).u32(shards).u64(lanesReserved).u64(highestDeleted);
  }

  /** Replaces what the directory holds, safely. */
  void write(JournalFiles files) throws IOException {
    Frames frame = new Frames(128).identity(this);
    try (JournalFiles.Appender out = files.create(FRESH_FILE)) {
      out.append(frame.array(), 0, frame.length());
      out.force();
    }
    files.rename(FRESH_FILE, FILE);
    files.forceNames();
  }

  /**
   * The identity of a directory; made where it is a new one.
   *
   * @throws JournalException where it is damaged, or the layout is another one
   */
  static Identity readOrMake(JournalFiles files, Layout layout, RandomGenerator random)
      throws IOException {
    if (!files.names().contains(FILE)) {
      refuseStrangers(files);
      Identity made =
          new Identity(
              random.nextLong(),
              random.nextLong(),
              layout.period().lengthMs(),
              layout.shards(),
              0,
              0);
      made.write(files);
      return made;
    }
    Identity found = read(files);
    if (found == null) {
      throw new JournalException(
          "the file identity in the journal "
              + files.describe()
              + " is damaged; bring it back, or move the directory aside to begin a new journal"
              + " (what this one holds is then not counted)",
          null);
    }
    if (found.periodMs != layout.period().lengthMs() || found.shards != layout.shards()) {
      throw new JournalException(
          "the journal "
              + files.describe()
              + " was written with a period of "
              + found.periodMs / 1000
              + "s and "
              + found.shards
              + " shards; run with these, or move the directory aside",
          null);
    }
    return found;
  }

  private static void refuseStrangers(JournalFiles files) throws IOException {
    if (files.names().stream().anyMatch(name -> SegmentFile.parse(name) != null)) {
      throw new JournalException(
          "the journal "
              + files.describe()
              + " has segments but no file identity; bring it back, or move the directory aside to"
              + " begin a new journal (what this one holds is then not counted)",
          null);
    }
  }

  private static @Nullable Identity read(JournalFiles files) throws IOException {
    try (FrameReader frames = new FrameReader(files.read(FILE), files.length(FILE))) {
      if (!frames.next()) {
        return null;
      }
      ByteReader in = frames.body();
      if (in.u8() != Frames.IDENTITY || !SegmentFile.isMagic(in, MAGIC) || in.u8() != VERSION) {
        return null;
      }
      Identity found = new Identity(in.u64(), in.u64(), in.u32(), in.u32(), in.u64(), in.u64());
      return in.failed() || found.lanesReserved < 0 || found.highestDeleted < 0 ? null : found;
    }
  }
}
