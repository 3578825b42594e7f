package org.skymetrics.server.fuzz;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.Envelope;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.KeyList;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.ChunkFile;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.chunk.Names;
import org.skymetrics.store.chunk.Point;
import org.skymetrics.store.chunk.Span;

/**
 * Values of the stores with a good envelope and any content. Holds: nothing but {@link
 * CorruptException} is thrown, whatever is asked of a value that was taken, and what is written
 * again of it is read as the same.
 */
public final class StoredTarget {
  private static final ShardPeriod PLACE = new ShardPeriod(3, 1_700_000_100_000L);
  private static final ChunkPlace CHUNK =
      new ChunkPlace(Span.HOUR, 60_000, 3, 1_699_999_200_000L, 0, 0);
  private static final Series SERIES = new Series(Key.of("http_status|200"), Kind.COUNTER);
  private static final int HEADER_BYTES = 5;
  private static final int CRC_BYTES = 4;

  private StoredTarget() {}

  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    ByteWriter content = new ByteWriter(data.length);
    content.raw(data, 1, data.length - 1);
    try {
      switch (data[0] & 7) {
        case 0 -> batch(content);
        case 1 -> block(content);
        case 2 -> chunkFile(content);
        case 3 -> keyList(content);
        default -> catalog(content);
      }
    } catch (CorruptException e) {
      // What a reader of a damaged value is promised.
    }
  }

  private static void batch(ByteWriter content) throws CorruptException {
    ByteWriter out = new ByteWriter(content.length() + HEADER_BYTES + CRC_BYTES);
    out.ascii("SkyB").u8(1).raw(content.toBytes());
    Envelope.append(out);
    readAll(Batch.parse(out.toBytes()));
  }

  private static void readAll(Batch batch) throws CorruptException {
    TreeMap<Series, Cell> cells = new TreeMap<>();
    batch.forEach(cells::put);
    require(cells.size() == batch.size(), "as many cells as it says");
    for (Series series : cells.keySet()) {
      require(batch.find(series) != null, "what is walked over is found");
    }
    Batch again = Batch.of(batch.name(), batch.place(), batch.periodMs(), cells);
    require(again.size() == batch.size(), "written again it is as large");
  }

  private static void block(ByteWriter content) throws CorruptException {
    Block block = Block.parse(PLACE, Envelope.deflate(content, "SkyK", 1));
    block.cells();
    block.cell(SERIES);
    Block again = Block.parse(PLACE, block.toBytes());
    require(again.names().equals(block.names()), "written again it has the same batches");
  }

  private static void chunkFile(ByteWriter content) throws CorruptException {
    ByteWriter out = new ByteWriter(content.length() + HEADER_BYTES + CRC_BYTES);
    out.ascii("SkyQ").u8(1).raw(content.toBytes());
    Envelope.append(out);
    ChunkFile file = ChunkFile.parse(CHUNK, out.toBytes());
    file.names();
    file.forEach(
        (series, points) ->
            require(file.find(series).size() == points.size(), "what is walked over is found"));
  }

  private static void catalog(ByteWriter content) throws CorruptException {
    Catalog catalog = Catalog.parse(Envelope.deflate(content, "SkyT", 1));
    require(
        Arrays.equals(Catalog.parse(catalog.toBytes()).toBytes(), catalog.toBytes()),
        "written again it is the same");
  }

  private static void keyList(ByteWriter content) throws CorruptException {
    KeyList list = KeyList.parse(Envelope.deflate(content, "SkyN", 1));
    require(
        KeyList.parse(list.toBytes()).lastSeenMs().equals(list.lastSeenMs()),
        "written again it is the same");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("does not hold: " + what);
    }
  }

  /** Good values, to begin with. */
  static Map<String, byte[]> seeds() {
    CounterCell counter = new CounterCell();
    counter.add(9126);
    HistogramCell histogram = new HistogramCell();
    histogram.record(1.5, 1);
    histogram.record(250, 2);
    Batch batch =
        Batch.of(
            new BatchName(1, 2),
            PLACE,
            60_000,
            new TreeMap<>(
                Map.of(SERIES, counter, new Series(Key.of("ms"), Kind.HISTOGRAM), histogram)));
    Block block = Block.empty(PLACE).with(List.of(batch));
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    byte[] bytes = batch.bytes();
    seeds.put("batch", seed(0, Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length - CRC_BYTES)));
    try {
      seeds.put("block", seed(1, content(block.toBytes(), "SkyK")));
      Names names = new Names.Builder().add(PLACE.startMs(), List.of(batch.name())).build();
      byte[] file =
          ChunkFile.Builder.ofPeriods(CHUNK, 60_000, names)
              .add(SERIES, List.of(Point.ofPeriod(PLACE.startMs(), counter)))
              .build()
              .bytes();
      seeds.put("chunks", seed(2, Arrays.copyOfRange(file, HEADER_BYTES, file.length - CRC_BYTES)));
      byte[] catalog =
          Catalog.empty()
              .withBatches(PLACE.startMs())
              .claimed(Span.DAY, Span.DAY.startOf(PLACE.startMs()), 7, 3)
              .toBytes();
      seeds.put("catalog", seed(4, content(catalog, "SkyT")));
      KeyList keys = KeyList.empty().with(Map.of(SERIES, PLACE.startMs()));
      seeds.put("keys", seed(3, content(keys.toBytes(), "SkyN")));
    } catch (CorruptException e) {
      throw new AssertionError("what was just made is good", e);
    }
    return seeds;
  }

  private static byte[] content(byte[] value, String magic) throws CorruptException {
    var in = Envelope.inflate(value, magic, 1, "value");
    return in.raw(in.remaining());
  }

  private static byte[] seed(int choice, byte[] content) {
    byte[] seed = new byte[content.length + 1];
    seed[0] = (byte) choice;
    System.arraycopy(content, 0, seed, 1, content.length);
    return seed;
  }
}
