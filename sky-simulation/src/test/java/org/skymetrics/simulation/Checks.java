package org.skymetrics.simulation;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.Swing;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Period;
import org.skymetrics.simulation.Held.Step;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;

/**
 * What must be so when all is at rest: when the last count has just come in, and again when blocks
 * have gone and months are made. What history holds is what its readers are told, at each level.
 */
final class Checks {
  /** How series begin that Sky counts of itself. */
  private static final String OWN = "sky>";

  private final World world;
  private final Truth truth;
  private final long periodMs;
  private final Held held;

  /** All cells of history, by period and over all periods. */
  private final SortedMap<Long, TreeMap<Series, Cell>> periods;

  private final TreeMap<Series, Cell> totals = new TreeMap<>();

  Checks(World world) {
    this.world = world;
    this.truth = world.truth();
    this.periodMs = world.scenario().layout().period().lengthMs();
    try {
      this.held = Held.read(world);
    } catch (CorruptException e) {
      throw fail("history can't be read: " + e.getMessage());
    }
    this.periods = held.cells(periodMs);
    periods.values().forEach(cells -> cells.entrySet().forEach(cell -> add(totals, cell)));
  }

  /** All, once: what the parts counted is added up here. */
  void all() {
    world.clients().forEach(ClientHost::check);
    world.rollups().forEach(RollupHost::check);
    world.servers().forEach(server -> server.process().checkAtRest());
    checkNetwork();
    ofHistory();
    checkLoss();
  }

  /** What must be so of history, as often as one likes. */
  void ofHistory() {
    checkTotals();
    checkPeriods();
    checkParents(periods);
    checkLevels();
    checkSums();
    checkLedger();
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
      if (!held.namesAt(batch.place()).contains(batch.name()) && seen.add(batch.toString())) {
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
   * I4: each transmission is settled in one way, to the packet and in history, when a while has
   * passed in which none came; and as many were counted as clients know of.
   */
  private void checkLedger() {
    if (!world.scenario().isExact()) {
      return;
    }
    long sent = own("sky>ledger>sent");
    long settled = own("sky>ledger");
    if (sent != settled) {
      throw fail("of " + sent + " transmissions " + settled + " are settled");
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

  private void requireSame(SortedMap<Long, TreeMap<Series, Cell>> expected) {
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

  /** Levels are what follows from the periods, rung by rung, and I5 holds in them. */
  private void checkLevels() {
    SortedMap<Long, SortedMap<Series, Step>> below = held.at(periodMs);
    for (long level : Held.LEVELS_MS) {
      SortedMap<Long, SortedMap<Series, Step>> expected = climb(below, level);
      SortedMap<Long, SortedMap<Series, Step>> found = held.at(level);
      if (!found.keySet().equals(expected.keySet())) {
        throw fail("the level of " + level + " ms is not of the times that its periods are of");
      }
      found.forEach((time, steps) -> requireSame(level, time, steps, expected.get(time)));
      checkParents(held.cells(level));
      below = found;
    }
  }

  private void requireSame(
      long level, long time, Map<Series, Step> found, Map<Series, Step> expected) {
    if (!found.keySet().equals(expected.keySet())) {
      throw fail("the level of " + level + " ms at " + time + " has other series than its periods");
    }
    found.forEach(
        (series, step) -> {
          if (!stored(step).equals(stored(expected.get(series)))) {
            throw fail(
                series + " at " + time + " by " + level + " ms is not what its periods add up to");
          }
        });
  }

  private SortedMap<Long, SortedMap<Series, Step>> climb(
      SortedMap<Long, SortedMap<Series, Step>> below, long level) {
    SortedMap<Long, SortedMap<Series, Step>> made = new TreeMap<>();
    below.forEach(
        (time, steps) ->
            steps.forEach(
                (series, step) -> {
                  Step above =
                      made.computeIfAbsent(Period.floor(time, level), t -> new TreeMap<>())
                          .computeIfAbsent(series, s -> new Step(s.kind().newCell(), new Swing()));
                  above.cell().merge(step.cell());
                  above.swing().merge(step.swing());
                }));
    return made;
  }

  private static String stored(Step step) {
    ByteWriter out = new ByteWriter(64);
    step.swing().write(out);
    return stored(step.cell()) + " " + java.util.HexFormat.of().formatHex(out.toBytes());
  }

  /** The sums that anyone can read are those of history, where Redis was left alone. */
  private void checkSums() {
    if (world.redisWasHarmed) {
      return;
    }
    Map<ShardPeriod, Map<Key, Long>> expected = new TreeMap<>();
    periods.forEach(
        (time, cells) ->
            cells.forEach(
                (series, cell) -> {
                  if (cell instanceof CounterCell counter) {
                    int shard = series.key().shard(world.scenario().layout().shards());
                    expected
                        .computeIfAbsent(new ShardPeriod(shard, time), p -> new TreeMap<>())
                        .put(series.key(), counter.sum());
                  }
                }));
    expected.forEach(
        (place, sums) -> {
          if (!sums.equals(world.redis().state().sums.getOrDefault(place, new TreeMap<>()))) {
            throw fail("the running sums of " + place + " are not those of history");
          }
        });
  }
}
