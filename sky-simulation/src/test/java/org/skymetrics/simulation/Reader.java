package org.skymetrics.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.aggregate.SeriesQuery;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.query.Answer;
import org.skymetrics.ui.query.Point;
import org.skymetrics.ui.query.QueryEngine;
import org.skymetrics.ui.query.Range;

/**
 * Asks the real query engine while all moves. Whatever moves, an answer never says more than was
 * accepted when it came; and one that nothing is missing from never says less than servers had
 * promised when it was asked, nor less than the one before.
 */
final class Reader {
  private static final int SERIES = 5;
  private static final long WAIT_NS = 2_000_000_000L;

  private final World world;
  private final Map<Series, Long> told = new TreeMap<>();
  private boolean isReading;

  Reader(World world) {
    this.world = world;
  }

  void readSoon() {
    world
        .timeline()
        .in(
            500_000_000L + world.random().nextInt(4_000_000) * 1000L,
            () -> {
              if (!world.isHealing()) {
                read();
                readSoon();
              }
            });
  }

  /** Asks, where it is not at it already. */
  void read() {
    List<Series> all = new ArrayList<>(world.truth().allSeries());
    if (isReading || all.isEmpty()) {
      return;
    }
    Collections.shuffle(all, world.random());
    isReading = true;
    try {
      read(all.subList(0, Math.min(SERIES, all.size())));
    } catch (StoreException e) {
      // No answer: a store is away.
      world.counts.readsFailed++;
    } finally {
      isReading = false;
    }
  }

  private void read(List<Series> series) {
    Period period = world.scenario().layout().period();
    long nowMs = NodeClock.START_MS + world.timeline().nowNs() / 1_000_000;
    int level = world.random().nextInt(2 * Held.LEVELS_MS.size());
    Range range =
        Range.at(
            NodeClock.START_MS - World.MAX_STEP_MS,
            nowMs + World.MAX_STEP_MS + period.lengthMs(),
            level < Held.LEVELS_MS.size() ? Held.LEVELS_MS.get(level) : period.lengthMs(),
            period);
    StoreGate gate = new StoreGate(world, "reader", new Life(), () -> {});
    HistoryStore history =
        gate.history(world.parts().ofReader(world.newHistoryStore(), world.riak()));
    QueryEngine engine =
        new QueryEngine(
            world.scenario().layout(),
            gate.periods(world.parts().ofReader(world.newPeriodStore())),
            history,
            NodeClock.right(world.timeline()),
            1 << 16,
            Duration.ofHours(1),
            new Counters());
    Map<Series, Long> promised = world.truth().promised();
    List<Batch> fromMembers = new ArrayList<>();
    boolean isWhole =
        askMembers(new SeriesQuery(series, range.startMs(), range.endMs()), fromMembers);
    Answer answer = engine.answer(series, range, fromMembers);
    world.counts.reads++;
    world.counts.wholeReads += isWhole ? 1 : 0;
    check(answer, isWhole && world.scenario().isExact() && !world.scenario().hasLate(), promised);
  }

  /** False where one of them did not answer. */
  private boolean askMembers(SeriesQuery query, List<Batch> batches) {
    boolean isWhole = true;
    for (ServerHost host : List.copyOf(world.servers())) {
      if (world.random().nextInt(3) == 0) {
        world.letOthersGoOn((long) (world.random().nextDouble() * WAIT_NS));
      }
      ServerProcess process = host.process();
      if (process == null) {
        isWhole = false;
        continue;
      }
      CompletableFuture<List<Batch>> answer = process.read(query);
      long endNs = world.timeline().nowNs() + WAIT_NS;
      while (!answer.isDone() && !process.life.isOver() && world.timeline().nowNs() < endNs) {
        if (!world.letOthersGoOn(1_000_000)) {
          break;
        }
      }
      if (process.life.isOver() || !answer.isDone() || answer.isCompletedExceptionally()) {
        isWhole = false;
      } else {
        batches.addAll(answer.join());
      }
    }
    return isWhole;
  }

  private void check(Answer answer, boolean isWhole, Map<Series, Long> promised) {
    Map<Series, Long> accepted = world.truth().accepted();
    if (!answer.damaged().isEmpty()) {
      throw world.timeline().fail("a reader found damage: " + answer.damaged());
    }
    for (Answer.Line line : answer.lines()) {
      long total = 0;
      for (Point point : line.points()) {
        total += Truth.amount(point.cell());
      }
      Series series = line.series();
      if (total > accepted.getOrDefault(series, 0L)) {
        throw world
            .timeline()
            .fail(
                "a reader was told of "
                    + total
                    + " of "
                    + series
                    + ", of "
                    + accepted.get(series)
                    + " accepted");
      }
      if (!isWhole) {
        continue;
      }
      long least = Math.max(promised.getOrDefault(series, 0L), told.getOrDefault(series, 0L));
      if (total < least) {
        throw world
            .timeline()
            .fail(
                "a reader was told of "
                    + total
                    + " of "
                    + series
                    + ", of "
                    + promised.get(series)
                    + " promised and "
                    + told.get(series)
                    + " told before");
      }
      told.put(series, total);
    }
  }
}
