package org.skymetrics.server.journal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.lane.Lane;
import org.skymetrics.server.lane.Lanes;

/**
 * What one receiving thread writes to the journal: the packets of a batch are gathered and appended
 * with one write. The file of a segment begins with the windows of all lanes that took data, so
 * that no older file is needed to know them.
 *
 * <p>Used on the receiving thread only; {@link #begun} may be read by others.
 */
public final class PacketLog {
  /** Gathered bytes at which a batch is written although it is not over. */
  public static final int FULL_BYTES = 256 << 10;

  private static final int FILLER_BYTES = 4096;

  private final Journal journal;
  private final int thread;
  private final Lanes lanes;
  private final String doing;
  private final Frames frames = new Frames(FULL_BYTES + 4096);
  private final Frames head = new Frames(4096);
  private @Nullable PacketFile file;

  /** The file that was made last, with its windows in it or not. */
  private @Nullable PacketFile fresh;

  private long segment;
  private boolean isFailing;
  private boolean lanesEnded;
  private volatile long begun;

  PacketLog(Journal journal, int thread, Lanes lanes) {
    this.journal = journal;
    this.thread = thread;
    this.lanes = lanes;
    this.doing = "write packets of thread " + thread;
  }

  /**
   * From now on packets belong to this segment. What was gathered is written before. Where the file
   * can't be begun now, it is with the next packets.
   */
  public void begin(long nextSegment) {
    segment = nextSegment;
    try {
      beginFile();
      worked();
    } catch (IOException e) {
      failed(e);
    }
  }

  /** The last segment whose file was begun, with all windows in it. */
  long begun() {
    return begun;
  }

  /** The file of this segment; begun where it was not. */
  private PacketFile beginFile() throws IOException {
    PacketFile open = file;
    if (open != null && open.name().segment() == segment) {
      return open;
    }
    if (open != null) {
      // As long as it ends with what never happened, the next one must not begin.
      open.cutTail();
    }
    head.clear();
    head.file(journal.incarnation(), segment, thread, lanes.forgotten());
    for (Lane lane : lanes.all()) {
      if (lane.tookData()) {
        head.lane(lane);
      }
    }
    PacketFile next = fresh;
    if (next == null || next.name().segment() != segment) {
      next = journal.create(new SegmentFile(segment, thread));
      fresh = next;
    }
    next.append(head.array(), head.length());
    file = next;
    begun = segment;
    return next;
  }

  /**
   * Gathers a packet.
   *
   * @param isFirst whether it is the lane's first one in this batch
   * @param counts whether its records count
   * @return where in {@link #array()} its records are
   */
  public int add(Lane lane, boolean isFirst, boolean counts, DataReader packet, long referenceMs) {
    if (isFirst && !lane.tookData()) {
      frames.lane(lane);
    }
    return frames.packet(counts, lane.number(), packet, referenceMs);
  }

  /** Gathers what the sums of a period get of a lane. */
  public void add(Lane lane, long periodMs) {
    frames.ledger(lane, periodMs);
  }

  /** The gathered bytes, until {@link #clear}. */
  public byte[] array() {
    return frames.array();
  }

  /** Whether it is time to write. */
  public boolean isFull() {
    return frames.length() >= FULL_BYTES;
  }

  /**
   * Writes what was gathered, and forces it where the policy says so.
   *
   * @return false where it failed; then nothing of it is in the journal
   */
  public boolean write() {
    try {
      append(frames);
      worked();
      return true;
    } catch (IOException e) {
      failed(e);
      return false;
    }
  }

  /**
   * Writes that no lane takes anything any more, and forces that whatever the policy: what is told
   * as not counted must not be counted after a restart. Nothing may be gathered.
   *
   * @return whether the journal has it
   */
  public boolean endLanes() {
    if (!lanesEnded) {
      try {
        PacketFile to = beginFile();
        head.clear();
        for (Lane lane : lanes.all()) {
          lane.end();
          if (lane.tookData()) {
            head.lane(lane);
          }
        }
        append(head, to, true);
        lanesEnded = true;
        worked();
      } catch (IOException e) {
        failed(e);
      }
    }
    return lanesEnded;
  }

  /** Whether the journal has it that no lane goes on. */
  public boolean hasEndedLanes() {
    return lanesEnded;
  }

  private void append(Frames what) throws IOException {
    append(what, beginFile(), journal.sync() == JournalSync.EACH);
  }

  private void append(Frames what, PacketFile to, boolean forces) throws IOException {
    to.append(what.array(), what.length());
    if (forces) {
      try {
        journal.forceNow(to);
      } catch (IOException e) {
        to.takeBack(what.length());
        to.cutTail();
        throw e;
      }
    }
    journal.counters().add(ServerCounter.JOURNAL_BYTES_WRITTEN, what.length());
  }

  /** Forgets what was gathered. */
  public void clear() {
    frames.clear();
  }

  /** Tries, where writing failed last, whether it works again. Nothing may be gathered. */
  public void probe() {
    if (isFailing) {
      try {
        beginFile();
        head.clear();
        head.filler(FILLER_BYTES);
        append(head);
        worked();
      } catch (IOException e) {
        failed(e);
      }
    }
  }

  private void worked() {
    if (isFailing) {
      isFailing = false;
      journal.health().worked(doing);
    }
  }

  private void failed(IOException e) {
    isFailing = true;
    journal.health().failed(ServerCounter.JOURNAL_WRITES_FAILED, doing, e);
  }
}
