package org.skymetrics.server.fuzz;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.common.cell.Swing;
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
  private static final ChunkPlace HOUR =
      new ChunkPlace(Span.HOUR, 60_000, 3, 1_699_999_200_000L, 0, 0);
  private static final ChunkPlace DAY =
      new ChunkPlace(Span.DAY, Span.HOUR_MS, 3, Span.DAY.startOf(HOUR.startMs()), 0, 0);
  private static final ChunkPlace MONTH =
      new ChunkPlace(Span.MONTH, Span.DAY_MS, 3, Span.MONTH.startOf(HOUR.startMs()), 0, 0);
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
        case 2 -> chunkFile(content, HOUR);
        case 3 -> keyList(content);
        case 5 -> chunkFile(content, DAY);
        case 6 -> chunkFile(content, MONTH);
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

  private static void chunkFile(ByteWriter content, ChunkPlace place) throws CorruptException {
    ByteWriter out = new ByteWriter(content.length() + HEADER_BYTES + CRC_BYTES);
    out.ascii("SkyQ").u8(1).raw(content.toBytes());
    Envelope.append(out);
    ChunkFile file = ChunkFile.parse(place, out.toBytes());
    if (place.span() == Span.MONTH) {
      require(file.batchesOfDay(place.startMs()) <= file.batches(), "a day has a part of all");
    }
    Names names = file.names();
    require(names.size() <= file.batches(), "as many batches as it says");
    TreeMap<Series, List<Point>> found = new TreeMap<>();
    file.forEach(found::put);
    for (Map.Entry<Series, List<Point>> entry : found.entrySet()) {
      int points = entry.getValue().size();
      require(file.find(entry.getKey()).size() == points, "what is walked over is found");
    }
    if (place.span() == Span.HOUR) {
      ChunkFile.Builder again = ChunkFile.Builder.ofPeriods(place, file.periodMs(), names);
      found.forEach(again::add);
      require(again.build().names().covers(names), "written again it has the same batches");
    }
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

  private static byte[] content(ChunkFile file) {
    return Arrays.copyOfRange(file.bytes(), HEADER_BYTES, file.bytes().length - CRC_BYTES);
  }

  private static Cell cell(Kind kind, HistogramCell histogram) {
    Cell cell = kind == Kind.HISTOGRAM ? histogram : kind.newCell();
    if (cell instanceof GaugeCell gauge) {
      gauge.set(21.5, PLACE.startMs());
      gauge.set(22.5, PLACE.startMs() + 1);
    } else if (cell instanceof SetCell set) {
      set.add(SetCell.hash("user 1"));
    }
    return cell;
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
      ChunkFile.Builder hour = ChunkFile.Builder.ofPeriods(HOUR, 60_000, names);
      ChunkFile.Builder day = ChunkFile.Builder.ofDay(DAY, 60_000, 1);
      ChunkFile.Builder month = ChunkFile.Builder.ofMonth(MONTH, 60_000, Map.of(DAY.startMs(), 1));
      for (Kind kind : Kind.values()) {
        Series series = new Series(Key.of("of " + kind.label()), kind);
        Cell cell = kind == Kind.COUNTER ? counter : cell(kind, histogram);
        hour.add(series, List.of(Point.ofPeriod(PLACE.startMs(), cell)));
        Swing swing = new Swing();
        swing.add(cell);
        day.add(series, List.of(new Point(HOUR.startMs(), cell, swing)));
        month.add(series, List.of(new Point(DAY.startMs(), cell, swing)));
      }
      seeds.put("hour", seed(2, content(hour.build())));
      seeds.put("day", seed(5, content(day.build())));
      seeds.put("month", seed(6, content(month.build())));
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
