package org.skymetrics.cli.page;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.sqlite.SqlitePeriodStore;

/**
 * The last hours of a web shop, made up from a seed, with a bad half hour in it: what a server
 * would have put into the period store of a data directory, minute by minute.
 */
final class MadeUpHours {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 16);
  private static final int MINUTES_AT_ONCE = 30;

  private final SplittableRandom random = new SplittableRandom(20_261_122);
  private final Map<Series, Long> sums = new HashMap<>();
  private final long fromMs;
  private final int minutes;

  /** Minutes that end before {@code toMs}. */
  MadeUpHours(long toMs, int minutes) {
    this.fromMs = Period.ONE_MINUTE.startOf(toMs) - minutes * 60_000L;
    this.minutes = minutes;
  }

  /** All that a counter or histogram counted. */
  long sum(String kind, String key) {
    return sums.getOrDefault(new Series(Key.of(key), Kind.byLabel(kind)), 0L);
  }

  /** The beginning of the bad half hour, in epoch seconds. */
  long incident() {
    return fromMs / 1000 + (minutes * 60L * 2 / 3) / 60 * 60;
  }

  void putInto(Path data) {
    try (SqlitePeriodStore store = SqlitePeriodStore.open(data, LAYOUT)) {
      List<Batch> batches = new ArrayList<>();
      for (int minute = 0; minute < minutes; minute++) {
        addBatches(batches, fromMs + minute * 60_000L);
        if (minute % MINUTES_AT_ONCE == MINUTES_AT_ONCE - 1 || minute == minutes - 1) {
          store.put(batches);
          batches.clear();
        }
      }
    }
  }

  private void addBatches(List<Batch> batches, long startMs) {
    Map<Integer, TreeMap<Series, Cell>> shards = new HashMap<>();
    cells(startMs)
        .forEach(
            (series, cell) ->
                shards
                    .computeIfAbsent(series.key().shard(LAYOUT.shards()), s -> new TreeMap<>())
                    .put(series, cell));
    shards.forEach(
        (shard, cells) ->
            batches.add(
                Batch.of(
                    new BatchName(1, startMs / 60_000),
                    new ShardPeriod(shard, startMs),
                    60_000,
                    cells)));
  }

  private Map<Series, Cell> cells(long startMs) {
    Map<Series, Cell> cells = new HashMap<>();
    double hour = startMs / 3_600_000.0;
    double day = 1 + 0.35 * Math.sin(hour * 0.9) + 0.12 * Math.sin(hour * 5.3);
    long into = startMs / 1000 - incident();
    double bad = into < 0 || into > 1800 ? 0 : Math.sin(Math.PI * into / 1800.0);
    count(cells, "http_status", "200", 9000 * day * (1 - 0.35 * bad));
    count(cells, "http_status", "304", 2600 * day);
    count(cells, "http_status", "404", 420 * day);
    count(cells, "http_status", "500", 25 + 3600 * bad);
    count(cells, "orders", "web", 95 * day * (1 - 0.6 * bad));
    count(cells, "orders", "app", 60 * day * (1 - 0.5 * bad));
    gauge(cells, "queue_length", startMs, 40 * day + 900 * bad);
    latencies(cells, "response_ms|GET", day, bad);
    ledger(cells, bad);
    return cells;
  }

  private void count(Map<Series, Cell> cells, String parent, String child, double about) {
    long n = Math.max(0, Math.round(about * (1 + 0.05 * noise())));
    for (String key : List.of(parent, parent + "|" + child)) {
      add(cells, Key.of(key), n);
    }
  }

  private void add(Map<Series, Cell> cells, Key key, long n) {
    Series series = new Series(key, Kind.COUNTER);
    CounterCell cell = (CounterCell) cells.computeIfAbsent(series, s -> new CounterCell());
    cell.add(n);
    sums.merge(series, n, Long::sum);
  }

  private void gauge(Map<Series, Cell> cells, String key, long startMs, double about) {
    GaugeCell cell = new GaugeCell();
    for (int second = 0; second < 60; second += 5) {
      double value = Math.rint(about * (1 + 0.2 * noise()));
      cell.set(value, startMs + second * 1000L);
    }
    cells.put(new Series(Key.of(key), Kind.GAUGE), cell);
  }

  /** Two ways to answer: from a cache, and not; the slow one slower when it is bad. */
  private void latencies(Map<Series, Cell> cells, String key, double day, double bad) {
    HistogramCell cell = new HistogramCell();
    int values = (int) (400 * day);
    for (int i = 0; i < values; i++) {
      boolean cached = random.nextDouble() < 0.6;
      double middle = cached ? 4 : 60 * (1 + 9 * bad);
      cell.record(middle * Math.exp((cached ? 0.3 : 0.45) * noise()));
    }
    Series series = new Series(Key.of(key), Kind.HISTOGRAM);
    cells.put(series, cell);
    sums.merge(series, (long) values, Long::sum);
  }

  private void ledger(Map<Series, Cell> cells, double bad) {
    long sent = 240 + random.nextInt(20);
    long lost =
        bad == 0 ? (random.nextInt(40) == 0 ? 1 : 0) : Math.round(40 * bad * random.nextDouble());
    long full = bad < 0.8 ? 0 : 25;
    add(cells, Outcome.SENT, sent + lost + full);
    add(cells, Outcome.COUNTED.key(), sent);
    add(cells, Outcome.LOST.key(), lost);
    add(cells, Outcome.FULL.key(), full);
  }

  /** About normal, from -3 to 3. */
  private double noise() {
    double sum = 0;
    for (int i = 0; i < 6; i++) {
      sum += random.nextDouble(-1, 1);
    }
    return sum / 1.42;
  }
}
