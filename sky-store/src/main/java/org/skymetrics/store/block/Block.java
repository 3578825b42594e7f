package org.skymetrics.store.block;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.Envelope;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;

/**
 * All batches of a (shard, period): a set united by name. Union is idempotent, commutative and
 * associative, so retries, late batches, several writers and siblings cannot hurt. Immutable; the
 * layout is in docs/storage.md.
 */
public final class Block {
  private static final String MAGIC = "SkyK";
  private static final int VERSION = 1;

  private final ShardPeriod place;
  private final SortedMap<BatchName, Batch> batches;
  private final int conflicts;

  private Block(ShardPeriod place, SortedMap<BatchName, Batch> batches, int conflicts) {
    this.place = place;
    this.batches = Collections.unmodifiableSortedMap(batches);
    this.conflicts = conflicts;
  }

  /** The key in history of the block of this place. */
  public static String historyKey(ShardPeriod place) {
    return "block/" + place.shard() + "/" + place.startMs() / 1000;
  }

  public static Block empty(ShardPeriod place) {
    return new Block(place, new TreeMap<>(), 0);
  }

  /**
   * This block and these batches.
   *
   * @throws IllegalArgumentException where one is of another (shard, period)
   */
  public Block with(Collection<Batch> more) {
    TreeMap<BatchName, Batch> all = new TreeMap<>(batches);
    int differing = conflicts;
    for (Batch batch : more) {
      if (!batch.place().equals(place)) {
        throw new IllegalArgumentException(batch + " is not of " + place);
      }
      Batch present = all.putIfAbsent(batch.name(), batch);
      if (present != null && !Arrays.equals(present.bytes(), batch.bytes())) {
        all.put(batch.name(), greater(present, batch));
        differing++;
      }
    }
    return new Block(place, all, differing);
  }

  /** The union of both. */
  public Block unite(Block other) {
    return with(other.batches.values());
  }

  /**
   * Two of one name are equal; should a fault have made them differ, all readers keep the same one.
   */
  private static Batch greater(Batch a, Batch b) {
    int order = Integer.compare(a.bytes().length, b.bytes().length);
    return (order != 0 ? order : Arrays.compareUnsigned(a.bytes(), b.bytes())) >= 0 ? a : b;
  }

  /**
   * How many times two batches of one name differed while this was united: a fault somewhere, to be
   * counted ({@link org.skymetrics.store.StoreCounter#BATCH_CONFLICT}). Not stored.
   */
  public int conflicts() {
    return conflicts;
  }

  public ShardPeriod place() {
    return place;
  }

  /** The batches by name. */
  public SortedMap<BatchName, Batch> batches() {
    return batches;
  }

  public SortedSet<BatchName> names() {
    return Collections.unmodifiableSortedSet(new TreeMap<>(batches).navigableKeySet());
  }

  /** The merged cell of one series, or null where no batch has it. */
  public @Nullable Cell cell(Series series) throws CorruptException {
    Cell merged = null;
    for (Batch batch : batches.values()) {
      Cell cell = batch.find(series);
      if (cell != null) {
        if (merged == null) {
          merged = cell;
        } else {
          merged.merge(cell);
        }
      }
    }
    return merged;
  }

  /** All series with their merged cells, in order. */
  public SortedMap<Series, Cell> cells() throws CorruptException {
    TreeMap<Series, Cell> cells = new TreeMap<>();
    for (Map.Entry<BatchName, Batch> entry : batches.entrySet()) {
      entry
          .getValue()
          .forEach(
              (series, cell) -> {
                Cell present = cells.putIfAbsent(series, cell);
                if (present != null) {
                  present.merge(cell);
                }
              });
    }
    return cells;
  }

  /** The stored form: equal sets give equal bytes. */
  public byte[] toBytes() {
    ByteWriter content = new ByteWriter(4096);
    for (Batch batch : batches.values()) {
      content.varint(batch.bytes().length).raw(batch.bytes());
    }
    return Envelope.deflate(content, MAGIC, VERSION);
  }

  /**
   * Reads a stored block.
   *
   * @throws CorruptException where it is not one, or not of this place
   */
  public static Block parse(ShardPeriod place, byte[] bytes) throws CorruptException {
    ByteReader in = Envelope.inflate(bytes, MAGIC, VERSION, "block");
    TreeMap<BatchName, Batch> batches = new TreeMap<>();
    while (in.remaining() > 0) {
      byte[] stored = in.raw(in.length(in.remaining()));
      if (in.failed()) {
        throw new CorruptException("a block's lengths do not fit");
      }
      Batch batch = Batch.parse(stored);
      if (!batch.place().equals(place)) {
        throw new CorruptException("the block of " + place + " holds " + batch);
      }
      if (!batches.isEmpty() && batches.lastKey().compareTo(batch.name()) >= 0) {
        throw new CorruptException("the batches of the block of " + place + " are not in order");
      }
      batches.put(batch.name(), batch);
    }
    return new Block(place, batches, 0);
  }
}
