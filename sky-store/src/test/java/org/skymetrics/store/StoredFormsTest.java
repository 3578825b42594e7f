package org.skymetrics.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.skymetrics.store.Samples.PERIOD_MS;
import static org.skymetrics.store.Samples.PLACE;
import static org.skymetrics.store.Samples.START_MS;
import static org.skymetrics.store.Samples.batch;
import static org.skymetrics.store.Samples.count;
import static org.skymetrics.store.Samples.counter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.SeriesTable;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.KeyList;

/** Batch, block and key list, as properties of their stored forms. */
class StoredFormsTest {
  // ---------------------------------------------------------------- round trips

  @Property(tries = 200)
  void shouldReadBackABatch(@ForAll Random random) throws CorruptException {
    TreeMap<Series, Cell> cells = Samples.cells(80, random);
    BatchName name = new BatchName(random.nextLong(), random.nextLong());
    Batch written = Batch.of(name, PLACE, PERIOD_MS, cells);
    Batch read = Batch.parse(written.bytes());
    assertThat(read.name()).isEqualTo(name);
    assertThat(BatchName.parse(name.toString())).isEqualTo(name);
    assertThat(read.place()).isEqualTo(PLACE);
    assertThat(read.periodMs()).isEqualTo(PERIOD_MS);
    assertThat(stored(cells(read))).isEqualTo(stored(cells));
    assertThat(Batch.of(name, PLACE, PERIOD_MS, cells(read)).bytes()).isEqualTo(read.bytes());
  }

  @Property(tries = 200)
  void shouldFindInATableJustWhatAMapFinds(@ForAll Random random) throws CorruptException {
    TreeMap<Series, Cell> cells = Samples.cells(random.nextInt(3) == 0 ? 400 : 40, random);
    Batch batch = Batch.of(new BatchName(1, 1), PLACE, PERIOD_MS, cells);
    for (int i = 0; i < 40; i++) {
      Series any = new Series(Samples.key(random), Kind.values()[random.nextInt(4)]);
      Cell found = batch.find(any);
      Cell expected = cells.get(any);
      assertThat(found == null ? null : stored(found))
          .isEqualTo(expected == null ? null : stored(expected));
      Batch only = batch.only(List.of(any));
      assertThat(only == null).isEqualTo(expected == null);
    }
    for (Series series : cells.keySet()) {
      assertThat(stored(batch.find(series))).isEqualTo(stored(cells.get(series)));
    }
  }

  @Property(tries = 200)
  void shouldSeekAlongATableWhatAMapHas(@ForAll Random random) throws CorruptException {
    TreeMap<Series, Cell> cells = Samples.cells(100, random);
    Batch batch = batch(PLACE, 1, cells);
    TreeMap<Series, Cell> wanted = Samples.cells(20, random);
    wanted.putAll(cells);
    wanted.keySet().removeIf(series -> random.nextInt(3) == 0);
    Batch other = batch(PLACE, 2, wanted);
    SeriesTable.Walk bySeries = batch.walk();
    SeriesTable.Walk byWalk = batch.walk();
    SeriesTable.Walk others = other.walk();
    for (Series series : wanted.keySet()) {
      assertThat(others.next()).isTrue();
      assertThat(others.series()).isEqualTo(series);
      assertThat(bySeries.seek(series)).isEqualTo(cells.containsKey(series));
      assertThat(byWalk.seek(others)).isEqualTo(cells.containsKey(series));
    }
    assertThat(others.next()).isFalse();
  }

  @Property(tries = 200)
  void shouldCoverJustWhatWouldNotChangeAList(@ForAll Random random) throws CorruptException {
    TreeMap<Series, Cell> cells = Samples.cells(40, random);
    Batch batch = batch(PLACE, 1, cells);
    Map<Series, Long> seen = new HashMap<>(seen(random));
    cells.keySet().forEach(series -> seen.put(series, START_MS - random.nextInt(5) * 1000L));
    boolean isOld =
        seen.entrySet().stream()
            .anyMatch(e -> cells.containsKey(e.getKey()) && e.getValue() <= START_MS - 4_000);
    if (!cells.isEmpty() && random.nextInt(4) == 0) {
      seen.remove(random.nextBoolean() ? cells.firstKey() : cells.lastKey());
    }
    boolean covers = !isOld && seen.keySet().containsAll(cells.keySet());
    byte[] list = KeyList.empty().with(seen).toBytes();
    assertThat(KeyList.covers(list, List.of(batch), 4_000)).isEqualTo(covers);
    Map<Series, Long> counted = new HashMap<>();
    cells.keySet().forEach(series -> counted.put(series, START_MS));
    assertThat(KeyList.with(list, batch))
        .isEqualTo(KeyList.empty().with(seen).with(counted).toBytes());
  }

  /** Near each other and far, some before the first and after the last, in tables of many sizes. */
  @Property(tries = 300)
  void shouldFindManyOnOneWayJustAsOneByOne(@ForAll Random random) throws CorruptException {
    int size = random.nextInt(random.nextBoolean() ? 40 : 3_000);
    TreeMap<Series, Cell> cells = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      cells.put(counter("k" + (char) ('a' + random.nextInt(26)) + random.nextInt(5_000)), count(i));
    }
    Batch batch = batch(PLACE, 1, cells);
    TreeMap<Series, Cell> wanted = new TreeMap<>();
    TreeMap<Series, Cell> near = new TreeMap<>(cells.tailMap(counter("k" + random.nextInt(26))));
    near.keySet().stream().limit(random.nextInt(200)).forEach(s -> wanted.put(s, count(0)));
    cells.forEach((s, cell) -> wanted.putAll(random.nextInt(50) == 0 ? Map.of(s, cell) : Map.of()));
    for (int i = random.nextInt(20); i > 0; i--) {
      wanted.put(counter((char) ('j' + random.nextInt(3)) + "b" + random.nextInt(5_000)), count(0));
    }
    TreeMap<Series, Cell> expected = new TreeMap<>(cells);
    expected.keySet().retainAll(wanted.keySet());

    TreeMap<Series, Cell> found = new TreeMap<>();
    batch.find(wanted.keySet(), found::put);

    assertThat(stored(found)).isEqualTo(stored(expected));
  }

  @Property(tries = 100)
  void shouldReadBackABlock(@ForAll Random random) throws CorruptException {
    Block block = block(PLACE, random, 5);
    Block read = Block.parse(PLACE, block.toBytes());
    assertThat(read.names()).isEqualTo(block.names());
    assertThat(read.toBytes()).isEqualTo(block.toBytes());
    assertThat(stored(read.cells())).isEqualTo(stored(block.cells()));
  }

  @Property(tries = 100)
  void shouldReadBackAndUniteKeyLists(@ForAll Random random) throws CorruptException {
    Map<Series, Long> one = seen(random);
    Map<Series, Long> two = seen(random);
    KeyList list = KeyList.empty().with(one).with(two).with(one);
    assertThat(KeyList.parse(list.toBytes()).lastSeenMs()).isEqualTo(list.lastSeenMs());
    assertThat(KeyList.empty().with(two).with(one).toBytes()).isEqualTo(list.toBytes());
    Map<Series, Long> later = new HashMap<>(one);
    two.forEach((series, ms) -> later.merge(series, ms, Math::max));
    assertThat(list.lastSeenMs()).isEqualTo(later);
  }

  // ---------------------------------------------------------------- bytes that may be anything

  @Property(tries = 500)
  void shouldRefuseRandomBytesAndNothingElse(@ForAll byte[] bytes) {
    refusesOrReads(bytes);
    for (String magic : List.of("SkyB", "SkyK", "SkyN")) {
      ByteWriter sealed = new ByteWriter(64);
      sealed.ascii(magic).u8(1).raw(bytes);
      Envelope.append(sealed);
      refusesOrReads(sealed.toBytes());
    }
    ByteWriter content = new ByteWriter(64);
    content.raw(bytes);
    for (String magic : List.of("SkyK", "SkyN")) {
      refusesOrReads(Envelope.deflate(content, magic, 1));
    }
  }

  @Property(tries = 1_000)
  void shouldRefuseMutatedValuesWhoseChecksumHolds(@ForAll Random random) throws CorruptException {
    Block block = block(PLACE, random, 3);
    Batch batch = Samples.batch(PLACE, new BatchName(1, 2), random);
    KeyList keys = KeyList.empty().with(seen(random));
    for (byte[] value : List.of(batch.bytes(), block.toBytes(), keys.toBytes())) {
      refusesOrReads(resealed(mutated(value, random)));
    }
    for (byte[] value : List.of(block.toBytes(), keys.toBytes())) {
      refusesOrReads(recompressed(value, random));
    }
  }

  @Property(tries = 500)
  void shouldRefuseEveryDamagedBit(@ForAll Random random) throws CorruptException {
    Block block = block(PLACE, random, 2);
    Batch batch = Samples.batch(PLACE, new BatchName(1, 2), random);
    byte[] damaged = batch.bytes().clone();
    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
    assertThatThrownBy(() -> Batch.parse(damaged)).isInstanceOf(CorruptException.class);
    byte[] damagedBlock = block.toBytes();
    damagedBlock[random.nextInt(damagedBlock.length)] ^= (byte) (1 << random.nextInt(8));
    assertThatThrownBy(() -> Block.parse(PLACE, damagedBlock)).isInstanceOf(CorruptException.class);
    byte[] cut = Arrays.copyOf(batch.bytes(), random.nextInt(batch.bytes().length));
    assertThatThrownBy(() -> Batch.parse(cut)).isInstanceOf(CorruptException.class);
  }

  @Test
  void shouldNotTakeSpaceForALengthThatIsALie() {
    ByteWriter value = new ByteWriter(1 << 20);
    value.ascii("SkyK").u8(1).u32(1 << 30).zeros(1 << 20);
    Envelope.append(value);
    byte[] bytes = value.toBytes();
    // More than the heap has, were it allocated each time at once.
    List<Exception> refusals = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      try {
        Block.parse(PLACE, bytes);
      } catch (CorruptException e) {
        refusals.add(e);
      }
    }
    assertThat(refusals).hasSize(10);
  }

  @Test
  void shouldRefuseATableWhoseRestartsAndEntriesDisagree() throws CorruptException {
    TreeMap<Series, Cell> cells = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      cells.put(counter("k" + (char) ('A' + i)), count(i));
    }
    byte[] good = batch(PLACE, 1, cells).bytes();
    assertThat(cells(Batch.parse(good))).hasSize(40);
    int restarts = good.length - 4 - 3 * 4;
    for (int at = restarts; at < good.length - 4; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      assertThatThrownBy(() -> cells(Batch.parse(resealed(bad))))
          .isInstanceOf(CorruptException.class);
      assertThatThrownBy(() -> Batch.parse(resealed(bad)).check())
          .isInstanceOf(CorruptException.class);
    }
  }

  // ---------------------------------------------------------------- union

  @Property(tries = 100)
  void shouldUniteBlocksAsSets(@ForAll Random random) throws CorruptException {
    Block all = block(PLACE, random, 6);
    Block a = part(all, random);
    Block b = part(all, random);
    Block c = part(all, random);
    assertThat(a.unite(a).toBytes()).isEqualTo(a.toBytes());
    assertThat(a.unite(b).toBytes()).isEqualTo(b.unite(a).toBytes());
    assertThat(a.unite(b).unite(c).toBytes()).isEqualTo(a.unite(b.unite(c)).toBytes());
    assertThat(all.unite(a).toBytes()).isEqualTo(all.toBytes());
    assertThat(a.unite(Block.empty(PLACE)).toBytes()).isEqualTo(a.toBytes());
    assertThat(a.unite(b).conflicts()).isZero();
  }

  @Test
  void shouldKeepTheSameOfTwoThatDifferAndCountIt() {
    Batch shorter = batch(1, "a", 1);
    Batch other = batch(1, "a", 2);
    Batch longer = batch(1, "ab", 1);
    Block empty = Block.empty(PLACE);
    for (List<Batch> order :
        List.of(List.of(shorter, other, longer), List.of(longer, other, shorter))) {
      Block united = empty.with(order);
      assertThat(united.batches().values()).containsExactly(longer);
      assertThat(united.conflicts()).isEqualTo(2);
    }
    assertThat(empty.with(List.of(shorter, other)).toBytes())
        .isEqualTo(empty.with(List.of(other)).unite(empty.with(List.of(shorter))).toBytes());
    assertThatThrownBy(() -> Block.empty(new ShardPeriod(2, START_MS)).with(List.of(shorter)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // ---------------------------------------------------------------- helpers

  /** Reads the bytes as everything they may be, down to the last cell. */
  private static void refusesOrReads(byte[] bytes) {
    try {
      cells(Batch.parse(bytes));
      Batch.parse(bytes).check();
    } catch (CorruptException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
    try {
      Block.parse(PLACE, bytes).cells();
    } catch (CorruptException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
    try {
      KeyList.parse(bytes).lastSeenMs();
    } catch (CorruptException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
    try {
      SeriesTable table = SeriesTable.read(new ByteReader(bytes));
      table.find(counter("http_status|200"));
      table.find(List.of(counter("a"), counter("http_status|200")), (series, payload) -> {});
      table.forEach((series, payload) -> {});
    } catch (CorruptException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  private static byte[] mutated(byte[] value, Random random) {
    byte[] bytes = value.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt();
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, 9 + random.nextInt(bytes.length)) : bytes;
  }

  private static byte[] resealed(byte[] value) {
    ByteWriter out = new ByteWriter(value.length);
    out.raw(value, 0, value.length - 4);
    Envelope.append(out);
    return out.toBytes();
  }

  /** The value with its content changed before it was compressed. */
  private static byte[] recompressed(byte[] value, Random random) throws CorruptException {
    String magic = new String(value, 0, 4, java.nio.charset.StandardCharsets.US_ASCII);
    ByteReader in = Envelope.inflate(value, magic, 1, "value");
    ByteWriter content = new ByteWriter(64);
    content.raw(in.array(), in.position(), in.remaining());
    for (int i = random.nextInt(3); i >= 0 && content.length() > 0; i--) {
      content.array()[random.nextInt(content.length())] = (byte) random.nextInt();
    }
    return Envelope.deflate(content, magic, 1);
  }

  private static Block block(ShardPeriod place, Random random, int atMost) {
    List<Batch> batches = new ArrayList<>();
    for (int i = random.nextInt(atMost + 1); i > 0; i--) {
      BatchName name = new BatchName(random.nextInt(2) - 1, i);
      batches.add(Samples.batch(place, name, random));
    }
    return Block.empty(place).with(batches);
  }

  private static Block part(Block block, Random random) {
    List<Batch> some = new ArrayList<>(block.batches().values());
    some.removeIf(batch -> random.nextBoolean());
    return Block.empty(block.place()).with(some);
  }

  private static Map<Series, Long> seen(Random random) {
    Map<Series, Long> seen = new HashMap<>();
    Samples.cells(30, random).keySet().forEach(s -> seen.put(s, random.nextInt(1 << 30) * 1000L));
    return seen;
  }

  private static TreeMap<Series, Cell> cells(Batch batch) throws CorruptException {
    TreeMap<Series, Cell> cells = new TreeMap<>();
    batch.forEach(cells::put);
    return cells;
  }

  private static Map<Series, String> stored(Map<Series, Cell> cells) {
    Map<Series, String> stored = new HashMap<>();
    cells.forEach((series, cell) -> stored.put(series, stored(cell)));
    return stored;
  }

  private static String stored(Cell cell) {
    ByteWriter out = new ByteWriter(64);
    cell.store(out);
    return HexFormat.of().formatHex(out.toBytes());
  }
}
