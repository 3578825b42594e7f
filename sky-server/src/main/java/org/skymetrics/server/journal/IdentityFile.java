package org.skymetrics.server.journal;

import java.io.IOException;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.lane.LaneNumbers;

/** The identity on disk: written before what it reserves is used. Safe from any thread. */
final class IdentityFile implements LaneNumbers.Reserve {
  private static final long LANES_PER_BLOCK = 4096;
  private static final String RESERVING = "reserve lane numbers";

  private final JournalFiles files;
  private final JournalHealth health;
  private final long before;
  private volatile Identity current;

  /** Up to where numbers were asked for last and could not be reserved. */
  private long refused;

  IdentityFile(JournalFiles files, Identity found, JournalHealth health) {
    this.files = files;
    this.health = health;
    this.before = found.lanesReserved();
    this.current = found;
  }

  Identity current() {
    return current;
  }

  @Override
  public long before() {
    return before;
  }

  @Override
  public boolean covers(long counter) {
    return counter <= current.lanesReserved() || reserve(counter);
  }

  private synchronized boolean reserve(long counter) {
    if (counter <= current.lanesReserved()) {
      return true;
    }
    try {
      write(current.withLanesReserved(counter - 1 + LANES_PER_BLOCK));
      health.worked(RESERVING);
      return true;
    } catch (IOException e) {
      health.failed(ServerCounter.JOURNAL_WRITES_FAILED, RESERVING, e);
      refused = counter;
      return false;
    }
  }

  /** Tries again what failed, though nobody may ask for a lane any more. */
  synchronized void retry() {
    if (refused > current.lanesReserved()) {
      reserve(refused);
    }
  }

  /** Segment numbers up to this one are not used again, though their files go. */
  synchronized void deletedUpTo(long segment) throws IOException {
    if (segment > current.highestDeleted()) {
      write(current.withHighestDeleted(segment));
    }
  }

  private void write(Identity next) throws IOException {
    next.write(files);
    current = next;
  }
}
