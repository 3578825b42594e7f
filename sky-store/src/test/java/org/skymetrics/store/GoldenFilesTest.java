package org.skymetrics.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.skymetrics.store.Samples.PERIOD_MS;
import static org.skymetrics.store.Samples.PLACE;
import static org.skymetrics.store.Samples.START_MS;
import static org.skymetrics.store.Samples.count;
import static org.skymetrics.store.Samples.counter;
import static org.skymetrics.store.Samples.gauge;
import static org.skymetrics.store.Samples.histogram;
import static org.skymetrics.store.Samples.level;
import static org.skymetrics.store.Samples.times;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.KeyList;
import org.skymetrics.store.chunk.ChunkFile;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.chunk.Extras;
import org.skymetrics.store.chunk.Point;
import org.skymetrics.store.chunk.Span;

/**
 * Stored values as other programs write them: these files were made from docs/storage.md by an
 * encoder that shares no code with this one. Compressed content is compared after inflating, since
 * deflate libraries differ.
 */
class GoldenFilesTest {
  private static final long INCARNATION = 0x8123456789abcdefL;

  private static Batch fifth() {
    TreeMap<Series, Cell> cells = new TreeMap<>();
    cells.put(counter("a"), count(3));
    cells.put(gauge("a"), level(2.5, START_MS + 7, -2, 9));
    CounterCell fraction = count(-3);
    fraction.add(0.5);
    cells.put(counter("a|b"), fraction);
    GaugeCell several = new GaugeCell();
    several.set(3, START_MS);
    several.set(-1, START_MS + 8);
    several.setOrigin(0, 3, 4);
    cells.put(gauge("g"), several);
    cells.put(histogram("h"), times(0, 1, -2));
    for (int i = 0; i < 14; i++) {
      cells.put(counter("k%02d".formatted(i)), count(i));
    }
    return Batch.of(new BatchName(INCARNATION, 5), PLACE, PERIOD_MS, cells);
  }

  private static Batch sixth() {
    TreeMap<Series, Cell> cells = new TreeMap<>();
    cells.put(counter("a"), count(4));
    cells.put(counter("z>\u00e9"), count(1L << 40));
    return Batch.of(new BatchName(INCARNATION, 6), PLACE, PERIOD_MS, cells);
  }

  @Test
  void shouldWriteBatchesByteForByte() throws Exception {
    assertThat(hex(fifth().bytes())).isEqualTo(hex(golden("batch-5")));
    assertThat(hex(sixth().bytes())).isEqualTo(hex(golden("batch-6")));
    assertThat(Batch.parse(golden("batch-5")).name()).isEqualTo(fifth().name());
  }

  @Test
  void shouldWriteABatchOfSetsByteForByte() throws Exception {
    SetCell many = new SetCell();
    for (int i = 0; i < 150; i++) {
      many.add(SetCell.hash("user " + i));
    }
    SetCell few = new SetCell();
    for (String member : List.of("carol", "bob", "alice")) {
      few.add(SetCell.hash(member));
    }
    TreeMap<Series, Cell> cells = new TreeMap<>();
    cells.put(new Series(Key.of("u|all"), Kind.SET), many);
    cells.put(new Series(Key.of("u"), Kind.SET), few);
    Batch batch = Batch.of(new BatchName(INCARNATION, 7), PLACE, PERIOD_MS, cells);
    assertThat(hex(batch.bytes())).isEqualTo(hex(golden("batch-7")));
  }

  @Test
  void shouldWriteABlockByteForByte() throws Exception {
    Block block = Block.empty(PLACE).with(List.of(sixth(), fifth()));
    requireSame("block", "SkyK", block.toBytes());
    assertThat(Block.parse(PLACE, golden("block")).toBytes()).isEqualTo(block.toBytes());
  }

  /**
   * A decoder that was written from docs/storage.md alone gave just these cells of that file. The
   * groups are deflated, so it is read, not compared.
   */
  @Test
  void shouldReadAChunkFileOfAnHour() throws Exception {
    ShardPeriod late = new ShardPeriod(PLACE.shard(), START_MS + 2 * PERIOD_MS);
    TreeMap<Series, Cell> cells = new TreeMap<>();
    cells.put(counter("a"), count(40));
    cells.put(gauge("a"), level(2.25, START_MS + 130_000, -2, 11));
    cells.put(histogram("h"), times(0, 5));
    Extras extras = new Extras();
    for (Batch batch :
        List.of(
            fifth(), sixth(), Batch.of(new BatchName(INCARNATION, 9), late, PERIOD_MS, cells))) {
      Extras.add(batch, List.of(extras), s -> 0);
    }
    ChunkPlace place =
        new ChunkPlace(Span.HOUR, PERIOD_MS, PLACE.shard(), Span.HOUR.startOf(START_MS), 0, 0);

    ChunkFile file = ChunkFile.parse(place, golden("chunks"));

    Map<String, String> found = new TreeMap<>();
    file.forEach((series, points) -> found.put(series.toString(), stored(points)));
    Map<String, String> expected = new TreeMap<>();
    extras
        .unite(null, place::holds)
        .forEach((series, points) -> expected.put(series.toString(), stored(points)));
    assertThat(found).isEqualTo(expected);
    assertThat(file.names().covers(extras.names())).isTrue();
    assertThat(extras.names().covers(file.names())).isTrue();
  }

  private static String stored(List<Point> points) {
    ByteWriter out = new ByteWriter(64);
    for (Point point : points) {
      out.u64(point.startMs());
      point.cell().store(out);
    }
    return hex(out.toBytes());
  }

  @Test
  void shouldWriteAKeyListByteForByte() throws Exception {
    KeyList keys = KeyList.empty();
    for (Batch batch : List.of(fifth(), sixth())) {
      TreeMap<Series, Long> seen = new TreeMap<>();
      batch.forEach((series, cell) -> seen.put(series, START_MS));
      keys = keys.with(seen);
    }
    requireSame("keys", "SkyN", keys.toBytes());
    assertThat(KeyList.parse(golden("keys")).lastSeenMs()).isEqualTo(keys.lastSeenMs());
  }

  private static void requireSame(String file, String magic, byte[] written) throws Exception {
    byte[] golden = golden(file);
    assertThat(hex(Arrays.copyOf(written, 9))).isEqualTo(hex(Arrays.copyOf(golden, 9)));
    assertThat(content(magic, written)).isEqualTo(content(magic, golden));
  }

  private static String content(String magic, byte[] value) throws CorruptException {
    ByteReader in = Envelope.inflate(value, magic, 1, "golden value");
    return hex(in.raw(in.remaining()));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = GoldenFilesTest.class.getResourceAsStream(name + ".hex")) {
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
  }
}
