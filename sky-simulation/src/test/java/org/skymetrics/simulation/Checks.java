package org.skymetrics.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.block.Level;

/** What must be so when all is at rest. */
final class Checks {
  /** How series begin that Sky counts of itself. */
  private static final String OWN = "sky>";

  private final World world;
  private final Truth truth;
  private final TreeMap<ShardPeriod, Block> blocks = new TreeMap<>();

  /** All cells of history, by period and over all periods. */
  private final TreeMap<Long, TreeMap<Series, Cell>> periods = new TreeMap<>();

  private final TreeMap<Series, Cell> totals = new TreeMap<>();

  Checks(World world) {
    this.world = world;
    this.truth = world.truth();
  }

  void run() {
    world.clients().forEach(ClientHost::check);
    world.rollups().forEach(RollupHost::check);
    world.servers().forEach(server -> server.process().checkAtRest());
    checkNetwork();
    try {
      readBlocks();
      checkTotals();
      checkPeriods();
      checkParents(periods);
      checkLevels();
      checkSums();
      checkLedger();
    } catch (CorruptException e) {
      throw fail("history can't be read: " + e.getMessage());
    }
    checkLoss();
  }

  private Timeline.Broken fail(String message) {
    return world.timeline().fail(message);
  }

  /** Each packet came to somebody, or it is known what became of it. */
  private void checkNetwork() {
    SimulatedNetwork n = world.network();
    long came = n.lost + n.stopped + n.unheard + n.delivered + n.underway;
    if (n.sent + n.doubled != came) {
      throw fail("of " + n.sent + " and " + n.doubled + " packets " + came + " are known of");
    }
  }

  private void readBlocks() throws CorruptException {
    for (String key : world.riak().keys("block/")) {
      String[] parts = key.split("/");
      ShardPeriod place =
          new ShardPeriod(Integer.parseInt(parts[1]), Long.parseLong(parts[2]) * 1000);
      Block block = Block.empty(place);
      for (byte[] value : world.riak().get(key).values()) {
        block = block.unite(Block.parse(place, value));
      }
      blocks.put(place, block);
      for (Map.Entry<Series, Cell> entry : block.cells().entrySet()) {
        if (entry.getKey().key().shard(world.scenario().layout().shards()) != place.shard()) {
          throw fail(entry.getKey() + " is in the block of another shard");
        }
        add(periods.computeIfAbsent(place.startMs(), p -> new TreeMap<>()), entry);
        add(totals, entry);
      }
    }
  }

  private static void add(Map<Series, Cell> to, Map.Entry<Series, Cell> entry) {
    to.computeIfAbsent(entry.getKey(), s -> s.kind().newCell()).merge(entry.getValue());
  }

  /** I1: what history holds of each series is what was accepted, but for what has a name. */
  private void checkTotals() {
    Map<Series, Long> most = truth.accepted();
    Map<Series, Long> least = new TreeMap<>();
    for (Truth.Session session : truth.sessions) {
      if (session.diedEarly) {
        Truth.addWithParents(least, session.promised);
        continue;
      }
      Map<Series, Long> amounts = new TreeMap<>();
      session.accepted.forEach((series, cell) -> amounts.put(series, Truth.amount(cell)));
      session.ambiguous.forEach((series, n) -> amounts.merge(series, -n, Long::sum));
      Truth.addWithParents(least, amounts);
    }
    subtract(most, truth.late);
    subtract(least, truth.late);
    subtract(least, truth.perhapsLate);
    burnt().forEach((series, n) -> least.merge(series, -n, Long::sum));
    for (Map.Entry<Series, Long> entry : most.entrySet()) {
      Cell cell = totals.get(entry.getKey());
      long found = cell == null ? 0 : Truth.amount(cell);
      if (found > entry.getValue()) {
        throw fail(
            found
                + " of "
                + entry.getKey()
                + " are in history, of "
                + entry.getValue()
                + " accepted: something counted twice");
      }
      long atLeast = least.getOrDefault(entry.getKey(), 0L);
      if (found < atLeast && !world.scenario().losesUnforced()) {
        throw fail(
            found
                + " of "
                + entry.getKey()
                + " are in history, of "
                + atLeast
                + " that must be: something is lost");
      }
    }
    for (Series series : totals.keySet()) {
      if (!most.containsKey(series) && !series.key().toString().startsWith(OWN)) {
        throw fail("history has " + series + ", which nobody counted");
      }
    }
  }

  private static void subtract(Map<Series, Long> from, Map<Series, Long> amounts) {
    amounts.forEach(
        (series, n) -> Truth.withParents(series).forEach(s -> from.merge(s, -n, Long::sum)));
  }

  /** What burnt disks held and history has not got. */
  private Map<Series, Long> burnt() {
    Map<Series, Long> amounts = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    for (Batch batch : truth.burnt) {
      Block block = blocks.getOrDefault(batch.place(), Block.empty(batch.place()));
      if (!block.batches().containsKey(batch.name()) && seen.add(batch.toString())) {
        try {
          batch.forEach((series, cell) -> amounts.merge(series, Truth.amount(cell), Long::sum));
        } catch (CorruptException e) {
          throw fail("a batch of a burnt disk can't be read");
        }
      }
    }
    return amounts;
  }

  /**
   * I4: each transmission is settled in one way or open, to the packet, also in history; and as
   * many were counted as clients know of.
   */
  private void checkLedger() {
    if (!world.scenario().isExact()) {
      return;
    }
    long open = world.servers().stream().mapToLong(s -> s.process().openTransmissions()).sum();
    long sent = own("sky>ledger>sent");
    long settled = own("sky>ledger");
    if (sent != settled + open) {
      throw fail("of " + sent + " transmissions " + settled + " are settled and " + open + " open");
    }
    long counted = own("sky>ledger|counted");
    boolean isWhole = truth.sessions.stream().noneMatch(session -> session.diedEarly);
    if (isWhole && !world.scenario().hasLate() && counted != world.counts.acknowledged) {
      throw fail(
          counted + " packets were counted and " + world.counts.acknowledged + " acknowledged");
    }
  }

  private long own(String key) {
    Cell cell = totals.get(new Series(Key.of(key), Kind.COUNTER));
    return cell == null ? 0 : ((CounterCell) cell).sum();
  }

  /** Nothing is given up or lost but for a cause that this scenario has. */
  private void checkLoss() {
    if (world.scenario().isExact() && world.counts.ambiguous > 0) {
      throw fail(world.counts.ambiguous + " packets were given up though no disk was lost");
    }
  }

  /** I7: each count is in the period in which it happened, whole, to the last bucket. */
  private void checkPeriods() {
    boolean isWhole = truth.sessions.stream().noneMatch(session -> session.diedEarly);
    if (world.scenario().clocksStep() || world.scenario().hasLate()) {
      return;
    }
    if (world.counts.foldedLate > 0) {
      throw fail("counts were folded late though the budget was never used up");
    }
    TreeMap<Long, TreeMap<Series, Cell>> expected = new TreeMap<>();
    for (Truth.Session session : truth.sessions) {
      session.bySlot.forEach(
          (slot, cell) -> {
            for (Series series : Truth.withParents(slot.series())) {
              add(
                  expected.computeIfAbsent(slot.periodMs(), p -> new TreeMap<>()),
                  Map.entry(series, cell));
            }
          });
    }
    for (Map.Entry<Long, TreeMap<Series, Cell>> period : periods.entrySet()) {
      Map<Series, Cell> here = expected.getOrDefault(period.getKey(), new TreeMap<>());
      for (Map.Entry<Series, Cell> entry : period.getValue().entrySet()) {
        if (entry.getKey().key().toString().startsWith(OWN)) {
          continue;
        }
        Cell most = here.get(entry.getKey());
        if (most == null || Truth.amount(entry.getValue()) > Truth.amount(most)) {
          throw fail(entry.getKey() + " has counts in " + period.getKey() + " of another period");
        }
      }
    }
    if (isWhole && world.scenario().isExact()) {
      requireSame(expected);
    }
  }

  private void requireSame(TreeMap<Long, TreeMap<Series, Cell>> expected) {
    expected.forEach(
        (period, cells) ->
            cells.forEach(
                (series, cell) -> {
                  Cell found = periods.getOrDefault(period, new TreeMap<>()).get(series);
                  if (found == null || !substance(found).equals(substance(cell))) {
                    throw fail(series + " in " + period + " is not what was counted");
                  }
                }));
  }

  /** All of a cell but when a gauge was last set, which is the client's to say. */
  private static String substance(Cell cell) {
    return switch (cell.kind()) {
      case COUNTER -> Long.toString(Truth.amount(cell));
      case GAUGE -> {
        var gauge = (org.skymetrics.common.cell.GaugeCell) cell;
        var m = gauge.moments();
        yield gauge.count()
            + " "
            + m.min()
            + " "
            + m.max()
            + " "
            + m.sum()
            + " "
            + m.sumOfSquares();
      }
      case HISTOGRAM, SET -> stored(cell);
    };
  }

  private static String stored(Cell cell) {
    ByteWriter out = new ByteWriter(128);
    cell.store(out);
    return java.util.HexFormat.of().formatHex(out.toBytes());
  }

  /**
   * I5: a parent that nobody counts in directly is the merge of its children. Not where a disk
   * burnt: of a segment that was on its way, one shard may be in history and another not.
   */
  private void checkParents(Map<Long, ? extends Map<Series, Cell>> all) {
    if (!truth.burnt.isEmpty()) {
      return;
    }
    Set<Series> counted = new HashSet<>();
    truth.sessions.forEach(session -> counted.addAll(session.accepted.keySet()));
    for (Map.Entry<Long, ? extends Map<Series, Cell>> period : all.entrySet()) {
      Map<Series, Cell> merged = new TreeMap<>();
      period
          .getValue()
          .forEach(
              (series, cell) -> {
                Key parent = series.key().parent();
                if (parent != null && !parent.toString().startsWith(OWN)) {
                  add(merged, Map.entry(new Series(parent, series.kind()), cell));
                }
              });
      for (Map.Entry<Series, Cell> entry : merged.entrySet()) {
        Cell parent = period.getValue().get(entry.getKey());
        if (!counted.contains(entry.getKey())
            && (parent == null || !stored(parent).equals(stored(entry.getValue())))) {
          throw fail(
              entry.getKey() + " at " + period.getKey() + " is not the merge of its children");
        }
      }
    }
  }

  /** Levels are what follows from their blocks, each block is in one, and I5 holds in them. */
  private void checkLevels() throws CorruptException {
    long periodMs = world.scenario().layout().period().lengthMs();
    TreeMap<Long, TreeMap<Series, Cell>> cells = new TreeMap<>();
    Set<ShardPeriod> covered = new HashSet<>();
    for (String key : world.riak().keys("level/")) {
      String[] parts = key.split("/");
      Level.Window window =
          new Level.Window(
              Integer.parseInt(parts[2]),
              Long.parseLong(parts[3]) * 1000,
              Long.parseLong(parts[1]) * 1000);
      List<Block> of = new ArrayList<>();
      blocks.forEach(
          (place, block) -> {
            long into = place.startMs() - window.startMs();
            if (place.shard() == window.shard() && into >= 0 && into < window.lengthMs()) {
              of.add(block);
              covered.add(place);
            }
          });
      Level expected = Level.of(window, periodMs, of);
      Level found = covering(window);
      if (!found.sources().equals(expected.sources())
          || !java.util.Arrays.equals(found.bytes(), expected.bytes())) {
        throw fail(key + " is not what follows from its blocks");
      }
      for (Map.Entry<Series, Level.Point> point : found.points().entrySet()) {
        add(
            cells.computeIfAbsent(window.startMs(), p -> new TreeMap<>()),
            Map.entry(point.getKey(), point.getValue().cell()));
      }
    }
    if (!covered.containsAll(blocks.keySet())) {
      throw fail("there are blocks without a level");
    }
    checkParents(cells);
  }

  private Level covering(Level.Window window) throws CorruptException {
    List<Level> siblings = new ArrayList<>();
    for (byte[] value : world.riak().get(window.historyKey()).values()) {
      siblings.add(Level.parse(window, value));
    }
    for (Level level : siblings) {
      if (siblings.stream().allMatch(level::covers)) {
        return level;
      }
    }
    throw fail("no sibling of " + window.historyKey() + " covers the others");
  }

  /** The sums that anyone can read are those of the batches, where Redis was left alone. */
  private void checkSums() throws CorruptException {
    if (world.redisWasHarmed) {
      return;
    }
    for (Map.Entry<ShardPeriod, Block> entry : blocks.entrySet()) {
      Map<Key, Long> expected = new TreeMap<>();
      for (Map.Entry<BatchName, Batch> batch : entry.getValue().batches().entrySet()) {
        batch
            .getValue()
            .forEach(
                (series, cell) -> {
                  if (cell instanceof CounterCell counter) {
                    expected.merge(series.key(), counter.sum(), Long::sum);
                  }
                });
      }
      Map<Key, Long> sums = world.redis().state().sums.get(entry.getKey());
      if (!expected.equals(sums == null ? new TreeMap<>() : sums)) {
        throw fail("the running sums of " + entry.getKey() + " are not those of its batches");
      }
    }
  }
}
