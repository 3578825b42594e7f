package org.skymetrics.server.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.lane.LaneLedger;
import org.skymetrics.server.lane.ReceiveWindow.Place;
import org.skymetrics.server.lane.StoredLane;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a journal directory once, oldest segment first. Batches that were sealed are taken as they
 * are; the packets of other segments are folded. Windows are read from all files: the newest that
 * names a lane wins, and the packets behind it are marked.
 *
 * <p>A damaged file is used up to the damage, said, counted, and kept aside when its segment goes.
 * Where it belongs to a sealed segment, packets behind the damage are counted but not known any
 * more: lanes that no later file knows are given up, so that nothing is counted twice.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final JournalFiles files;
  private final Identity identity;
  private final Counters counters;
  private final LongFunction<? extends SegmentFold> folds;
  private final DataReader packet = new DataReader();
  private final Map<Long, Known> lanes = new LinkedHashMap<>();
  private final SortedSet<String> damaged = new TreeSet<>();
  private long forgotten;

  /** A lane, and the file that said last where it stands. */
  private record Known(StoredLane lane, SegmentFile from) {}

  Recovery(
      JournalFiles files,
      Identity identity,
      Counters counters,
      LongFunction<? extends SegmentFold> folds) {
    this.files = files;
    this.identity = identity;
    this.counters = counters;
    this.folds = folds;
  }

  /** Names of files that are damaged, to be kept. */
  SortedSet<String> damaged() {
    return damaged;
  }

  /** Reads all there is. */
  Recovered run(SortedMap<Long, SortedSet<Integer>> segments) throws IOException {
    List<Recovered.Segment> found = new ArrayList<>();
    for (Map.Entry<Long, SortedSet<Integer>> entry : segments.entrySet()) {
      found.add(segment(entry.getKey(), entry.getValue()));
    }
    List<StoredLane> known = lanes.values().stream().map(Known::lane).toList();
    return new Recovered(known, forgotten, found);
  }

  private Recovered.Segment segment(long segment, SortedSet<Integer> threads) throws IOException {
    boolean wasForced = threads.contains(Frames.BATCHES_THREAD);
    SortedMap<Integer, Long> packetBytes = new TreeMap<>();
    List<Batch> sealed = wasForced ? readBatches(SegmentFile.batches(segment), packetBytes) : null;
    SegmentFold fold = sealed == null ? folds.apply(segment) : null;
    for (int thread : threads) {
      if (thread != Frames.BATCHES_THREAD) {
        readPackets(new SegmentFile(segment, thread), fold, wasForced);
      }
    }
    for (Map.Entry<Integer, Long> file : packetBytes.entrySet()) {
      requireLength(new SegmentFile(segment, file.getKey()), threads, file.getValue());
    }
    if (fold == null) {
      counters.increment(ServerCounter.JOURNAL_SEGMENTS_RESTORED);
      return new Recovered.Segment(segment, true, sealed == null ? List.of() : sealed);
    }
    counters.increment(ServerCounter.JOURNAL_SEGMENTS_REPLAYED);
    return new Recovered.Segment(segment, false, fold.batches());
  }

  private void requireLength(SegmentFile file, SortedSet<Integer> threads, long length)
      throws IOException {
    boolean isThere = threads.contains(file.thread());
    boolean isBeingDeleted = !isThere && file.segment() <= identity.highestDeleted();
    if (isBeingDeleted || damaged.contains(file.name())) {
      return;
    }
    if (!isThere || files.length(file.name()) != length) {
      sayDamaged(file, "it is not as long as it was when its segment was sealed");
      if (isThere) {
        damaged.add(file.name());
      }
      giveUpLanes();
    }
  }

  /** The batches of a sealed segment; null where the file was not finished, or is damaged. */
  private @Nullable List<Batch> readBatches(SegmentFile file, SortedMap<Integer, Long> packetBytes)
      throws IOException {
    List<Batch> batches = new ArrayList<>();
    boolean isWhole = false;
    boolean isGood = true;
    try (FrameReader frames = open(file)) {
      isGood = beginsWell(frames, file);
      while (isGood && !isWhole && frames.next()) {
        ByteReader body = frames.body();
        switch (body.u8()) {
          case Frames.BATCH -> isGood = add(body, file, batches);
          case Frames.END -> {
            isWhole = body.u32() == batches.size();
            for (int n = body.u16(); n > 0 && !body.failed(); n--) {
              packetBytes.put(body.u16(), body.u64());
            }
            isWhole &= !body.failed();
            isGood = isWhole;
          }
          default -> isGood = false;
        }
      }
      isGood &= frames.ending() != FrameReader.Ending.DAMAGED;
    }
    if (!isGood) {
      setBatchesAside(file);
    }
    if (!isGood || !isWhole) {
      packetBytes.clear();
      return null;
    }
    return batches;
  }

  private boolean add(ByteReader body, SegmentFile file, List<Batch> batches) {
    try {
      Batch batch = Batch.parse(body.raw(body.remaining()));
      batches.add(batch);
      return batch.name().equals(new BatchName(identity.incarnation(), file.segment()));
    } catch (CorruptException e) {
      LOG.warn("{}: {}", file.name(), e.getMessage());
      return false;
    }
  }

  /** At once: a new file of this name is going to be made of the packets. */
  private void setBatchesAside(SegmentFile file) throws IOException {
    sayDamaged(file, "its batches are made again from the segment's packets");
    files.rename(file.name(), file.name() + Journal.DAMAGED_SUFFIX);
    files.forceNames();
  }

  private void readPackets(SegmentFile file, @Nullable SegmentFold fold, boolean wasForced)
      throws IOException {
    boolean isGood;
    try (FrameReader frames = open(file)) {
      isGood = beginsWell(frames, file);
      while (isGood && frames.next()) {
        isGood = take(frames.body(), file, fold);
      }
      FrameReader.Ending ending = frames.ending();
      boolean mayBeTorn = !wasForced;
      if (ending == FrameReader.Ending.TORN && mayBeTorn) {
        files.cut(file.name(), files.length(file.name()) - frames.bytesLeft());
        counters.add(ServerCounter.JOURNAL_BYTES_TORN, frames.bytesLeft());
        LOG.info("{}: {} bytes of an unfinished write cut", file.name(), frames.bytesLeft());
      } else if (ending != FrameReader.Ending.CLEAN) {
        isGood = false;
      }
    }
    if (!isGood) {
      damaged.add(file.name());
      sayDamaged(file, "what is readable before the damage is used, and the file is kept");
      if (wasForced) {
        giveUpLanes();
      }
    }
  }

  /**
   * Batches that may have left hold packets that are not known any more: no lane goes on, but for
   * those that later files know.
   */
  private void giveUpLanes() {
    lanes.clear();
    forgotten = Math.max(forgotten, identity.lanesReserved());
  }

  private boolean take(ByteReader body, SegmentFile file, @Nullable SegmentFold fold) {
    int type = body.u8();
    return switch (type) {
      case Frames.LANE -> takeLane(body, file);
      case Frames.COUNTED, Frames.MARKED -> takePacket(body, type == Frames.COUNTED, fold);
      case Frames.LEDGER -> takeLedger(body, fold);
      case Frames.FILLER -> true;
      default -> false;
    };
  }

  private boolean takeLane(ByteReader body, SegmentFile file) {
    StoredLane lane = StoredLane.read(body);
    if (lane != null) {
      noteGap(lanes.get(lane.lane()), lane, file);
      lanes.put(lane.lane(), new Known(lane, file));
    }
    return lane != null;
  }

  /** What a file says of a lane at its beginning is what the files before it come to. */
  private void noteGap(@Nullable Known before, StoredLane now, SegmentFile file) {
    if (before != null
        && !before.lane().window().isSameAs(now.window())
        && !wasAnyDeleted(before.from().segment(), file.segment())) {
      counters.increment(ServerCounter.JOURNAL_GAPS);
      LOG.error(
          "packets that {} knows of are missing at the end of {} in the journal {}",
          file.name(),
          before.from().name(),
          files.describe());
    }
  }

  /**
   * Whether files of a segment between these two may have been deleted: history may have had it
   * before it had the first of them.
   */
  private boolean wasAnyDeleted(long first, long last) {
    return first + 1 < last && first + 1 <= identity.highestDeleted();
  }

  private boolean takePacket(ByteReader body, boolean counts, @Nullable SegmentFold fold) {
    long lane = body.u64();
    long sequence = body.u64();
    long transmission = body.u64();
    long lowestOpen = sequence - body.u16();
    long referenceMs = body.u64();
    Known known = lanes.get(lane);
    if (body.failed() || known == null || sequence < 1 || lowestOpen < 1) {
      return false;
    }
    if (known.lane().window().place(sequence, lowestOpen) != Place.NEW) {
      return false;
    }
    packet.wrapRecords(
        body.array(), body.position(), body.remaining(), known.lane().session(), lane, sequence);
    if (counts && !packet.validate()) {
      return false;
    }
    known.lane().window().mark(sequence, lowestOpen);
    known
        .lane()
        .ledger()
        .replay(
            transmission,
            counts
                ? Outcome.COUNTED
                : packet.recordsLength() > 0 ? Outcome.LATE : Outcome.MALFORMED);
    if (counts && fold != null) {
      fold.count(packet, referenceMs);
      counters.increment(ServerCounter.JOURNAL_PACKETS_REPLAYED);
    }
    return true;
  }

  /** What the sums got of a lane: they get it again, and the lane knows that they have it. */
  private boolean takeLedger(ByteReader body, @Nullable SegmentFold fold) {
    long lane = body.u64();
    long periodMs = body.u64();
    LaneLedger ledger = LaneLedger.load(body);
    if (body.failed()) {
      return false;
    }
    if (fold != null) {
      fold.count(ledger.untold(), periodMs);
    }
    ledger.tell();
    Known known = lanes.get(lane);
    if (known != null) {
      lanes.put(lane, new Known(known.lane().with(ledger), known.from()));
    }
    return true;
  }

  /** Whether the file begins with a frame that says that it is this one, of this journal. */
  private boolean beginsWell(FrameReader frames, SegmentFile file) throws IOException {
    if (!frames.next()) {
      return frames.ending() != FrameReader.Ending.DAMAGED;
    }
    ByteReader body = frames.body();
    boolean good =
        body.u8() == Frames.FILE
            && SegmentFile.isMagic(body, Frames.MAGIC)
            && body.u8() == Frames.VERSION
            && body.u64() == identity.incarnation()
            && body.u64() == file.segment()
            && body.u16() == file.thread();
    long forgottenThen = body.u64();
    if (good && !body.failed()) {
      forgotten = Math.max(forgotten, forgottenThen);
    }
    return good && !body.failed();
  }

  private FrameReader open(SegmentFile file) throws IOException {
    return new FrameReader(files.read(file.name()), files.length(file.name()));
  }

  private void sayDamaged(SegmentFile file, String what) {
    counters.increment(ServerCounter.JOURNAL_FILES_DAMAGED);
    LOG.error("{} in the journal {} is damaged: {}", file.name(), files.describe(), what);
  }
}
