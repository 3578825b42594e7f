package org.skymetrics.server.journal;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.lane.LaneNumbers;
import org.skymetrics.server.lane.Lanes;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.period.Layout;

/**
 * One journal directory. A segment has a file of packets for each receiving thread that took any,
 * and, once it is sealed, a file of the batches that were folded from them:
 *
 * <pre>
 *  identity              who it is, and which numbers were used
 *  segment-12-0          packets of thread 0, behind the windows of its lanes
 *  segment-12-1          those of thread 1
 *  segment-12-batches    what both were folded into: what is sent, and sent again
 * </pre>
 *
 * <p>What makes a count safe is the order. Packets are appended before they count. A segment's
 * packets are forced, then its batches are written and forced, before one of them leaves: so what
 * has left can be sent again byte for byte, and the windows know all that is in it. A segment's
 * files go when history has its batches and each thread has begun a later file, which is forced
 * too: windows are always in the newest file of a thread.
 *
 * <p>Where writing fails nothing is lost or counted; it is said, and tried again. Safe from any
 * thread, but for {@link #seal} and {@link #deleteConfirmed}, which are one thread's.
 */
public final class Journal implements Closeable {
  static final String DAMAGED_SUFFIX = ".damaged";

  private static final String SEALING = "write batches";
  private static final String FORCING = "force packets to the disk";
  private static final String DELETING = "delete what history has";

  private final JournalFiles files;
  private final JournalSync sync;
  private final long maxBytes;
  private final Counters counters;
  private final JournalHealth health;
  private final IdentityFile identity;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicBoolean namesUnforced = new AtomicBoolean();

  /** Packet files that are open, by segment. */
  private final TreeMap<Long, List<PacketFile>> open = new TreeMap<>();

  /** All files on disk, by segment: thread numbers, and what stands for the batches. */
  private final TreeMap<Long, SortedSet<Integer>> present = new TreeMap<>();

  private final Set<Long> sealed = new TreeSet<>();
  private final SortedSet<String> damaged = new TreeSet<>();
  private final List<PacketLog> logs = new ArrayList<>();

  private Journal(
      JournalFiles files, Identity identity, JournalSync sync, long maxBytes, Counters counters) {
    this.files = files;
    this.sync = sync;
    this.maxBytes = maxBytes;
    this.counters = counters;
    this.health = new JournalHealth(files.describe(), counters);
    this.identity = new IdentityFile(files, identity, health);
  }

  /**
   * Opens a directory; a new one gets its identity.
   *
   * @throws JournalException where it can't be used, with a sentence for an operator
   */
  public static Journal open(
      JournalFiles files,
      Layout layout,
      JournalSync sync,
      long maxBytes,
      RandomGenerator random,
      Counters counters) {
    try {
      Identity identity = Identity.readOrMake(files, layout, random);
      Journal journal = new Journal(files, identity, sync, maxBytes, counters);
      journal.list();
      return journal;
    } catch (IOException e) {
      throw cannotRead(files, e);
    }
  }

  private static JournalException cannotRead(JournalFiles files, IOException e) {
    return new JournalException(
        "the journal " + files.describe() + " can't be read or written: " + e, e);
  }

  private synchronized void list() throws IOException {
    for (String name : files.names()) {
      SegmentFile file = SegmentFile.parse(name);
      if (file != null) {
        present.computeIfAbsent(file.segment(), n -> new TreeSet<>()).add(file.thread());
        bytes.addAndGet(files.length(name));
      } else if (name.endsWith(DAMAGED_SUFFIX)) {
        damaged.add(name);
      }
    }
  }

  /**
   * Reads what the directory holds; once, before anything is written.
   *
   * @param folds gives a new fold for the segment of a number
   * @throws JournalException where a file can't be read
   */
  public Recovered recover(LongFunction<? extends SegmentFold> folds) {
    Recovery recovery = new Recovery(files, identity.current(), counters, folds);
    try {
      Recovered recovered;
      synchronized (this) {
        recovered = recovery.run(present);
        forceAllThatIsThere();
      }
      synchronized (this) {
        damaged.addAll(recovery.damaged());
        recovered.segments().stream()
            .filter(Recovered.Segment::isSealed)
            .forEach(segment -> sealed.add(segment.number()));
      }
      return recovered;
    } catch (IOException e) {
      throw cannotRead(files, e);
    }
  }

  /** What the process before wrote may not be safe; what leaves must be. */
  private void forceAllThatIsThere() throws IOException {
    for (String name : files.names()) {
      if (SegmentFile.parse(name) != null) {
        files.cut(name, files.length(name));
      }
    }
    files.forceNames();
  }

  /** First half of the name of each batch. */
  public long incarnation() {
    return identity.current().incarnation();
  }

  /** Upper bits of each lane number. */
  public long laneRandom() {
    return identity.current().laneRandom();
  }

  /** Which lane numbers may be given. */
  public LaneNumbers.Reserve laneReserve() {
    return identity;
  }

  /** The number of the next segment: higher than any before. */
  public synchronized long nextSegment() {
    long highest = present.isEmpty() ? 0 : present.lastKey();
    return Math.max(highest, identity.current().highestDeleted()) + 1;
  }

  /** What a receiving thread writes to; all of them, before anything is received. */
  public synchronized PacketLog newLog(int thread, Lanes lanes) {
    PacketLog log = new PacketLog(this, thread, lanes);
    logs.add(log);
    return log;
  }

  JournalSync sync() {
    return sync;
  }

  Counters counters() {
    return counters;
  }

  JournalHealth health() {
    return health;
  }

  /** A new file, which is forced, sealed and deleted with its segment. */
  PacketFile create(SegmentFile name) throws IOException {
    PacketFile file = new PacketFile(name, files.create(name.name()), bytes);
    namesUnforced.set(true);
    synchronized (this) {
      present.computeIfAbsent(name.segment(), n -> new TreeSet<>()).add(name.thread());
      open.computeIfAbsent(name.segment(), n -> new ArrayList<>()).add(file);
    }
    return file;
  }

  /** Makes a file and its name safe. */
  void forceNow(PacketFile file) throws IOException {
    file.force();
    forceNames();
  }

  private void forceNames() throws IOException {
    if (namesUnforced.getAndSet(false)) {
      boolean done = false;
      try {
        files.forceNames();
        done = true;
      } finally {
        if (!done) {
          namesUnforced.set(true);
        }
      }
    }
  }

  private synchronized List<PacketFile> openFiles() {
    return open.values().stream().flatMap(Collection::stream).toList();
  }

  /**
   * Forces all that was written, where the policy is to do so each second, and tries again to
   * reserve what could not be. To be called each second.
   */
  public void force() {
    identity.retry();
    if (sync == JournalSync.EVERY_SECOND) {
      try {
        forceAll();
        health.worked(FORCING);
      } catch (IOException e) {
        health.failed(ServerCounter.JOURNAL_FORCES_FAILED, FORCING, e);
      }
    }
  }

  private void forceAll() throws IOException {
    for (PacketFile file : openFiles()) {
      file.force();
    }
    forceNames();
  }

  /**
   * Makes a segment ready to leave: all threads are past it. Its packets are forced, and its
   * batches written and forced.
   *
   * @return false where that failed; then none of the batches may leave yet
   */
  public boolean seal(long segment, List<Batch> batches) {
    try {
      List<PacketFile> packets;
      synchronized (this) {
        packets = List.copyOf(open.getOrDefault(segment, List.of()));
      }
      for (PacketFile file : packets) {
        file.cutTail();
        file.force();
      }
      if (!batches.isEmpty()) {
        writeBatches(segment, batches);
      }
      forceNames();
      for (PacketFile file : packets) {
        file.close();
      }
      synchronized (this) {
        open.remove(segment);
        sealed.add(segment);
      }
      health.worked(SEALING);
      return true;
    } catch (IOException e) {
      health.failed(ServerCounter.JOURNAL_SEALS_FAILED, SEALING, e);
      return false;
    }
  }

  private void writeBatches(long segment, List<Batch> batches) throws IOException {
    SegmentFile name = SegmentFile.batches(segment);
    Frames frames = new Frames(1 << 16);
    frames.file(incarnation(), segment, name.thread(), 0);
    SortedMap<Integer, Long> packetBytes = packetBytes(segment);
    long length = 0;
    try (JournalFiles.Appender out = files.create(name.name())) {
      for (Batch batch : batches) {
        frames.batch(batch.bytes());
        out.append(frames.array(), 0, frames.length());
        length += frames.length();
        frames.clear();
      }
      frames.end(batches.size(), packetBytes);
      out.append(frames.array(), 0, frames.length());
      out.force();
    }
    namesUnforced.set(true);
    bytes.addAndGet(length + frames.length());
    synchronized (this) {
      present.computeIfAbsent(segment, n -> new TreeSet<>()).add(name.thread());
    }
  }

  /** How long the files of packets are, by thread: whether they still are is seen at a restart. */
  private SortedMap<Integer, Long> packetBytes(long segment) throws IOException {
    SortedSet<Integer> threads;
    synchronized (this) {
      threads = new TreeSet<>(present.getOrDefault(segment, new TreeSet<>()));
    }
    threads.remove(Frames.BATCHES_THREAD);
    SortedMap<Integer, Long> lengths = new TreeMap<>();
    for (int thread : threads) {
      lengths.put(thread, files.length(new SegmentFile(segment, thread).name()));
    }
    return lengths;
  }

  /**
   * Deletes the sealed segments that history has, as far as their windows are in later files.
   *
   * @param unconfirmed segments that have a batch which history may not have
   */
  public void deleteConfirmed(Set<Long> unconfirmed) {
    List<Long> confirmed = deletable(unconfirmed);
    if (confirmed.isEmpty()) {
      return;
    }
    try {
      forceAll();
      identity.deletedUpTo(confirmed.get(confirmed.size() - 1));
      for (long segment : confirmed) {
        delete(segment);
      }
      health.worked(DELETING);
    } catch (IOException e) {
      health.failed(ServerCounter.JOURNAL_DELETES_FAILED, DELETING, e);
    }
  }

  private synchronized List<Long> deletable(Set<Long> unconfirmed) {
    long begun = logs.stream().mapToLong(PacketLog::begun).min().orElse(0);
    return sealed.stream().filter(n -> n < begun && !unconfirmed.contains(n)).toList();
  }

  /** The packets first: batches without packets are sent again, which does no harm. */
  private void delete(long segment) throws IOException {
    SortedSet<Integer> threads;
    synchronized (this) {
      threads = new TreeSet<>(present.getOrDefault(segment, new TreeSet<>()));
    }
    for (int thread : threads) {
      SegmentFile file = new SegmentFile(segment, thread);
      if (file.isBatches()) {
        files.forceNames();
      }
      long length = files.length(file.name());
      boolean isKept;
      synchronized (this) {
        isKept = damaged.contains(file.name());
      }
      if (isKept) {
        files.rename(file.name(), file.name() + DAMAGED_SUFFIX);
      } else {
        files.delete(file.name());
      }
      bytes.addAndGet(-length);
      synchronized (this) {
        present.getOrDefault(segment, new TreeSet<>()).remove(thread);
        if (isKept) {
          damaged.remove(file.name());
          damaged.add(file.name() + DAMAGED_SUFFIX);
        }
      }
    }
    synchronized (this) {
      present.remove(segment);
      sealed.remove(segment);
    }
    counters.increment(ServerCounter.JOURNAL_SEGMENTS_DELETED);
  }

  /** Whether there is room for new data. */
  public boolean hasRoom() {
    return bytes.get() < maxBytes;
  }

  /** The part of its room that is used; from 1 there is none for new data. */
  public double fill() {
    return bytes.get() / (double) maxBytes;
  }

  /** The length of all segments. */
  public long bytes() {
    return bytes.get();
  }

  /** The bytes at which no new data is taken. */
  public long maxBytes() {
    return maxBytes;
  }

  /** How many segments have files. */
  public synchronized int segments() {
    return present.size();
  }

  /** Names of files that were found damaged, and are kept. */
  public synchronized List<String> damaged() {
    return List.copyOf(damaged);
  }

  /** What does not work, a sentence; null where all does. */
  public @Nullable String problem() {
    return health.problem();
  }

  /** Where it is. */
  public String describe() {
    return files.describe();
  }

  /** Closes all files and gives the directory to others; what was written stays as it is. */
  @Override
  public void close() throws IOException {
    for (PacketFile file : openFiles()) {
      file.close();
    }
    files.close();
  }
}
