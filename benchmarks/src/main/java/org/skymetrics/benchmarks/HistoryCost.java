package org.skymetrics.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.time.Period;
import org.skymetrics.rollup.Rollup;
import org.skymetrics.rollup.RollupConfig;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.sqlite.SqlitePeriodStore;

/**
 * What history costs: bytes a point after compaction, of a real access log or of this machine's own
 * counters, and puts and bytes a minute of many series. Moves real batches through the rollup, on a
 * clock of its own, to a history in memory that counts.
 *
 * <pre>
 *   java -cp benchmarks/target/sky-benchmarks.jar org.skymetrics.benchmarks.HistoryCost \
 *     access-log FILE.gz | machine | load SERIES MINUTES
 * </pre>
 */
public final class HistoryCost {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 16);
  private static final long START_MS = 1_700_006_400_000L; // 2023-11-15 00:00 UTC
  private static final long MINUTE_MS = 60_000;
  private static final int DAY_MINUTES = 1440;

  private final ManualClock clock = new ManualClock(START_MS);
  private final CountingHistory history = new CountingHistory();
  private final PrintStream out;
  private final PeriodStore periods;
  private final Rollup rollup;
  private long points;

  private HistoryCost(Path dir, PrintStream out) {
    this.out = out;
    periods = SqlitePeriodStore.open(dir, LAYOUT, clock, new StoreCounters());
    rollup =
        Rollup.create(
            RollupConfig.builder().auditHorizon(Duration.ZERO).build(), periods, history, clock);
  }

  /** Runs one of the measurements and prints what it found. */
  public static void main(String[] args) throws IOException {
    Path dir = Files.createTempDirectory("sky-history-cost");
    HistoryCost cost = new HistoryCost(dir, System.out);
    switch (args.length == 0 ? "" : args[0]) {
      case "access-log" -> cost.compact(accessLog(Path.of(args[1])));
      case "machine" -> cost.compact(machine());
      case "load" -> cost.load(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
      default ->
          throw new IllegalArgumentException("access-log FILE.gz | machine | load N MINUTES");
    }
  }

  /** What is counted in each minute. */
  private interface Minutes {
    int count();

    Map<Series, Cell> minute(int index);
  }

  private void compact(Minutes minutes) {
    for (int i = 0; i < minutes.count(); i++) {
      put(i, minutes.minute(i));
      if (i % 30 == 29) {
        rollup.runOnce();
      }
    }
    history.print(out, "before compaction", points);
    clock.advance(Duration.ofDays(4));
    long before = -1;
    while (before != history.puts() + history.deletes()) {
      before = history.puts() + history.deletes();
      rollup.runOnce();
    }
    history.print(out, "after compaction", points);
  }

  private void load(int series, int minutes) {
    Random random = new Random(1);
    List<Series> all = new ArrayList<>();
    for (int i = 0; i < series; i++) {
      all.add(
          new Series(Key.of("shop|checkout|host-" + i % 200 + "|item" + i / 200), Kind.COUNTER));
    }
    for (int minute = 0; minute < minutes; minute++) {
      Map<Series, Cell> cells = new HashMap<>();
      for (Series s : all) {
        CounterCell cell = new CounterCell();
        cell.add((long) (100 + 10 * random.nextGaussian()));
        cells.put(s, cell);
      }
      if (minute == 60) {
        history.startCounting();
      }
      put(minute, cells);
      rollup.runOnce();
    }
    history.printRate(out, minutes - 60);
    history.print(out, "in history", points);
  }

  private void put(int minute, Map<Series, Cell> cells) {
    long startMs = START_MS + minute * MINUTE_MS;
    clock.advance(Duration.ofMillis(startMs + MINUTE_MS + 35_000 - clock.wallMs()));
    Map<ShardPeriod, TreeMap<Series, Cell>> shards = new TreeMap<>();
    cells.forEach(
        (series, cell) -> {
          points++;
          shards
              .computeIfAbsent(
                  new ShardPeriod(series.key().shard(LAYOUT.shards()), startMs),
                  p -> new TreeMap<>())
              .put(series, cell);
        });
    List<Batch> batches = new ArrayList<>();
    shards.forEach(
        (place, ofShard) ->
            batches.add(
                Batch.of(new BatchName(0x5eed, 1000L + minute), place, MINUTE_MS, ofShard)));
    periods.put(batches);
  }

  // The access log: each minute of it has up to 60 seconds with requests; those are the minutes
  // here.

  private static Minutes accessLog(Path file) throws IOException {
    Pattern line =
        Pattern.compile(
            "(\\S+) \\S+ \\S+ \\[(\\d+)/\\w+/\\d+:(\\d+):(\\d+):(\\d+) [^]]*] \"(\\S+) (\\S+)[^\"]*\""
                + " (\\d+) (\\d+|-).*");
    TreeMap<Integer, Map<Series, Cell>> minutes = new TreeMap<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String text = in.readLine(); text != null; text = in.readLine()) {
        Matcher m = line.matcher(text);
        if (m.matches()) {
          int day = Integer.parseInt(m.group(2)) - 17;
          int hour = Integer.parseInt(m.group(3));
          int minute = (day * 24 + hour) * 60 + Integer.parseInt(m.group(5));
          count(minutes.computeIfAbsent(minute, i -> new HashMap<>()), m);
        }
      }
    }
    int last = minutes.lastKey() + 1;
    return new Minutes() {
      @Override
      public int count() {
        return last;
      }

      @Override
      public Map<Series, Cell> minute(int index) {
        return minutes.getOrDefault(index, Map.of());
      }
    };
  }

  private static void count(Map<Series, Cell> cells, Matcher line) {
    add(cells, "http_status|" + line.group(8), 1);
    add(cells, "http_method|" + line.group(6), 1);
    if (!line.group(9).equals("-")) {
      add(cells, "http_bytes", Long.parseLong(line.group(9)));
    }
  }

  private static void add(Map<Series, Cell> cells, String text, long n) {
    Key key = Key.of(text);
    List<Key> all = new ArrayList<>(key.parents());
    all.add(key);
    for (Key each : all) {
      Cell cell = cells.computeIfAbsent(new Series(each, Kind.COUNTER), s -> new CounterCell());
      if (cell instanceof CounterCell counter) {
        counter.add(n);
      }
    }
  }

  // This machine: what /proc counts, read ten times a second; each reading stands for a minute.

  private static Minutes machine() {
    List<Map<Series, Cell>> minutes = new ArrayList<>();
    Map<String, Long> before = readProc();
    for (int i = 0; i < DAY_MINUTES; i++) {
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      Map<String, Long> now = readProc();
      Map<Series, Cell> cells = new HashMap<>();
      for (Map.Entry<String, Long> entry : now.entrySet()) {
        String name = entry.getKey();
        if (name.startsWith("memory|")) {
          GaugeCell gauge = new GaugeCell();
          gauge.set(entry.getValue(), START_MS + i * MINUTE_MS + 59_990);
          gauge.setOrigin(0, 0x1234_5678_9abcL, 100L + i);
          cells.put(new Series(Key.of(name), Kind.GAUGE), gauge);
        } else {
          long more = entry.getValue() - before.getOrDefault(name, entry.getValue());
          if (more != 0) {
            CounterCell counter = new CounterCell();
            counter.add(more);
            cells.put(new Series(Key.of(name), Kind.COUNTER), counter);
          }
        }
      }
      if (!Boolean.getBoolean("gauges")) {
        cells.keySet().removeIf(series -> series.kind() == Kind.GAUGE);
      }
      minutes.add(cells);
      before = now;
    }
    return new Minutes() {
      @Override
      public int count() {
        return minutes.size();
      }

      @Override
      public Map<Series, Cell> minute(int index) {
        return minutes.get(index);
      }
    };
  }

  private static Map<String, Long> readProc() {
    Map<String, Long> all = new HashMap<>();
    read(all, "/proc/stat", "cpu", "", 0);
    read(all, "/proc/vmstat", "vm", "", 0);
    read(all, "/proc/diskstats", "disk", "", 2);
    read(all, "/proc/net/dev", "net", ":", 0);
    read(all, "/proc/interrupts", "interrupts", ":", 0);
    read(all, "/proc/softirqs", "softirqs", ":", 0);
    read(all, "/proc/meminfo", "memory", ":", 0);
    return all;
  }

  /** Takes each number of each line as {@code name|first word|place}. */
  private static void read(
      Map<String, Long> all, String file, String name, String end, int nameAt) {
    try {
      for (String line : Files.readAllLines(Path.of(file))) {
        String[] words = line.trim().split("\\s+");
        if (words.length <= nameAt + 1) {
          continue;
        }
        String row = words[nameAt];
        row = row.endsWith(end) ? row.substring(0, row.length() - end.length()) : row;
        for (int i = nameAt + 1; i < words.length; i++) {
          if (words[i].matches("\\d{1,18}") && Key.fault(name + "|" + row + "|" + i) == null) {
            all.put(name + "|" + row + "|" + i, Long.parseLong(words[i]));
          }
        }
      }
    } catch (IOException e) {
      // Not every kernel has each of these.
      all.remove(file);
    }
  }
}
