package org.skymetrics.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.skymetrics.store.Samples.PLACE;
import static org.skymetrics.store.Samples.START_MS;
import static org.skymetrics.store.Samples.count;
import static org.skymetrics.store.Samples.counter;
import static org.skymetrics.store.Samples.gauge;
import static org.skymetrics.store.Samples.level;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.Samples;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore.Versions;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore.BatchState;
import org.skymetrics.store.period.PeriodStore.PutOutcome;

/** A process that is killed while it puts: each batch is wholly in or not at all. */
class KilledWhilePuttingIT {
  private static final Layout LAYOUT = new Layout(Period.ONE_MINUTE, 4);
  private static final int KEYS = 200;

  /** What the killed process runs: puts for ever, and says what has returned. */
  static final class Putter {
    private Putter() {}

    public static void main(String[] arguments) {
      Path directory = Path.of(arguments[0]);
      try (SqlitePeriodStore store = SqlitePeriodStore.open(directory, LAYOUT);
          SqliteHistoryStore history = SqliteHistoryStore.open(directory)) {
        for (long segment = Long.parseLong(arguments[1]); ; segment++) {
          store.put(List.of(batch(segment)));
          Versions seen = history.get("last");
          history.put("last", new byte[] {(byte) (segment >> 8), (byte) segment}, seen.context());
          System.out.println(segment);
          System.out.flush();
        }
      }
    }
  }

  private static Batch batch(long segment) {
    TreeMap<Series, Cell> cells = new TreeMap<>();
    for (int i = 0; i < KEYS; i++) {
      cells.put(counter("k|" + i), count(segment));
    }
    cells.put(gauge("g"), level(segment, START_MS + segment, 1, segment));
    return Samples.batch(PLACE, segment, cells);
  }

  @Test
  void shouldHaveEachBatchWhollyOrNotAtAll(@TempDir Path directory) throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    long returned = 0;
    for (int kill = 0; kill < 4; kill++) {
      returned = putAndKill(directory, returned + 1, 1 + random.nextInt(30));
      verify(directory, returned, "seed " + seed);
    }
  }

  /**
   * Kills the process after it said so many puts returned; gives the last that is known to have.
   */
  private static long putAndKill(Path directory, long from, int puts) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-XX:TieredStopAtLevel=1",
                "-Dslf4j.internal.verbosity=ERROR",
                Putter.class.getName(),
                directory.toString(),
                Long.toString(from))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long last = from - 1;
    try (BufferedReader out = process.inputReader()) {
      for (int i = 0; i < puts; i++) {
        last = Long.parseLong(out.readLine());
      }
      // Not by the process itself, which would close what is to be read yet.
      process.toHandle().destroyForcibly();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        // The line may have been cut off in the middle.
        last = line.isEmpty() ? last : Math.max(last, Long.parseLong(line));
      }
      process.waitFor();
    } finally {
      process.destroyForcibly();
    }
    return last;
  }

  private static void verify(Path directory, long returned, String seed) {
    try (SqlitePeriodStore store = SqlitePeriodStore.open(directory, LAYOUT);
        SqliteHistoryStore history = SqliteHistoryStore.open(directory)) {
      List<Batch> found = store.mailbox(PLACE);
      long stored = found.size();
      assertThat(stored).as(seed).isBetween(returned, returned + 1);
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i).bytes()).isEqualTo(batch(i + 1).bytes());
      }
      requireSums(store, stored);
      assertThat(history.get("last").values()).hasSize(1);
      history.put("other", new byte[] {1}, Context.NONE);

      List<Batch> all = new ArrayList<>();
      for (long segment = 1; segment <= returned; segment++) {
        all.add(batch(segment));
      }
      assertThat(store.put(all)).containsOnly(PutOutcome.KNOWN);
      requireSums(store, stored);
      assertThat(store.states(PLACE, List.of(new BatchName(7, stored + 1))).values())
          .containsExactly(BatchState.ABSENT);
      // The one that was in, though its put never returned, is put again by whoever comes next.
      if (stored > returned) {
        assertThat(store.put(List.of(batch(stored)))).containsExactly(PutOutcome.KNOWN);
      }
    }
  }

  private static void requireSums(SqlitePeriodStore store, long segments) {
    Map<Key, Long> sums = store.counters(PLACE);
    assertThat(sums).hasSize(KEYS);
    assertThat(sums.values()).containsOnly(segments * (segments + 1) / 2);
    assertThat(store.gauges(PLACE.shard()).get(Key.of("g")).last()).isEqualTo(segments);
    assertThat(store.seen(PLACE.shard())).hasSize(KEYS + 1);
  }
}
