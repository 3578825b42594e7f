package org.skymetrics.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.time.ManualClock;

/** A client without a network, harvested by hand. */
final class Harvester {
  final ManualClock clock = new ManualClock(1_700_000_000_000L);
  final Core core;
  final Sky sky;
  final Map<String, Cell> cells = new HashMap<>();
  private final FoldTimes times;
  private final Harvest harvest;

  Harvester(SkyBuilder builder) {
    clock.advance(Duration.ofSeconds(1));
    Settings settings = builder.settings();
    core = new Core(settings, clock, false);
    sky = core.root();
    times = new FoldTimes(core.epoch().get(), 0);
    harvest = new Harvest(core.registry(), core.mishaps(), times, settings.retireAfter().toNanos());
  }

  /** Takes all there is; one thread at a time. */
  void take() {
    harvest.take(
        clock.monotonicNs(),
        new Harvest.Crop() {
          @Override
          public boolean wants(Entry entry) {
            return true;
          }

          @Override
          public void counter(Entry entry, long sum) {
            CounterCell cell = new CounterCell();
            cell.add(sum);
            samples(entry, cell, 0);
          }

          @Override
          public void samples(Entry entry, Cell cell, long referenceNs) {
            cells
                .computeIfAbsent(entry.kind + " " + entry.key, k -> entry.kind.newCell())
                .merge(cell);
          }
        });
  }

  /** The same, for who measures what the client keeps. */
  void takeAndForget() {
    harvest.take(
        clock.monotonicNs(),
        new Harvest.Crop() {
          @Override
          public boolean wants(Entry entry) {
            return true;
          }

          @Override
          public void counter(Entry entry, long sum) {}

          @Override
          public void samples(Entry entry, Cell cell, long referenceNs) {}
        });
  }

  /** Begins a new epoch, as at a period's end. */
  void cut() {
    times.set(core.epoch().get() + 1, 0);
    core.epoch().next();
  }

  long counted(Kind kind, String key) {
    Cell cell = cells.get(kind + " " + key);
    return cell == null ? 0 : FakeRing.count(cell);
  }

  long counted(String key) {
    return counted(Kind.COUNTER, key);
  }

  long stat(ClientCounter counter) {
    return core.mishaps().get(counter);
  }
}
