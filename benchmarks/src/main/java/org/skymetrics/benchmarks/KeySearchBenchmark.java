package org.skymetrics.benchmarks;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.batch.Series;
import org.skymetrics.ui.keys.KeyIndex;
import org.skymetrics.ui.keys.KeyPage;

/** What the page's search box asks for, over 100,000 keys. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class KeySearchBenchmark {
  private static final int SERVICES = 50;
  private static final int HOSTS = 100;
  private static final int ROUTES = 20;
  private static final int LIMIT = 200;

  /**
   * One letter that nearly all hold, a word that many do, one that few do, and one that none does.
   */
  @Param({"e", "host-7", "route-13", "nowhere"})
  public String text = "";

  private final KeyIndex index = new KeyIndex();

  /** Makes the keys. */
  @Setup
  public void begin() {
    Map<Series, Long> seen = new HashMap<>();
    for (int service = 0; service < SERVICES; service++) {
      for (int host = 0; host < HOSTS; host++) {
        for (int route = 0; route < ROUTES; route++) {
          String key = "service-" + service + ">requests|host-" + host + "|route-" + route;
          seen.put(new Series(Key.of(key), Kind.COUNTER), 1_700_000_000_000L);
        }
      }
    }
    index.add(seen);
  }

  /** The best 200, as the page asks for them. */
  @Benchmark
  public KeyPage search() {
    return index.search(text, LIMIT);
  }
}
