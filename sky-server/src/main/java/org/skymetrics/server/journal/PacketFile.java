package org.skymetrics.server.journal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The packets of one receiving thread in one segment. One thread appends; another may force, cut
 * and close it. What an append that failed has left is cut before anything else happens here.
 */
final class PacketFile {
  private final SegmentFile name;
  private final JournalFiles.Appender appender;
  private final AtomicLong journalBytes;
  private final Object forcing = new Object();
  private long goodBytes;
  private boolean isTorn;
  private volatile boolean isUnforced;
  private boolean isClosed;

  PacketFile(SegmentFile name, JournalFiles.Appender appender, AtomicLong journalBytes) {
    this.name = name;
    this.appender = appender;
    this.journalBytes = journalBytes;
  }

  SegmentFile name() {
    return name;
  }

  synchronized void append(byte[] bytes, int length) throws IOException {
    cutTail();
    isTorn = true;
    isUnforced = true;
    appender.append(bytes, 0, length);
    isTorn = false;
    goodBytes += length;
    journalBytes.addAndGet(length);
  }

  /** What was appended last did not happen after all. */
  synchronized void takeBack(int length) {
    goodBytes -= length;
    journalBytes.addAndGet(-length);
    isTorn = true;
  }

  /**
   * Cuts what is left of an append that failed; nothing where none did. Safely: it must not come
   * back behind what is written elsewhere meanwhile.
   */
  synchronized void cutTail() throws IOException {
    if (isTorn) {
      appender.cut(goodBytes);
      appender.force();
      isTorn = false;
    }
  }

  /** Makes all that was appended safe; the one that appends is not held up. */
  void force() throws IOException {
    synchronized (forcing) {
      if (!isUnforced || isClosed) {
        return;
      }
      isUnforced = false;
      boolean done = false;
      try {
        appender.force();
        done = true;
      } finally {
        if (!done) {
          isUnforced = true;
        }
      }
    }
  }

  /** Nothing is appended any more. */
  void close() throws IOException {
    synchronized (forcing) {
      if (!isClosed) {
        isClosed = true;
        appender.close();
      }
    }
  }
}
