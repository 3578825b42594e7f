package org.skymetrics.benchmarks;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.skymetrics.client.Counter;
import org.skymetrics.client.Sky;

/**
 * One call with a known key, and the floors: a LongAdder that is at hand, and one that is looked
 * up. The client is a whole one, with its sender running, whose server is away.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class IncrementBenchmark {
  private static final String NOBODY = "127.0.0.1:9";

  /** How many keys are called in turn. */
  @Param({"1", "1000"})
  public int keys;

  private final Map<String, LongAdder> map = new ConcurrentHashMap<>();
  private String[] names = {};
  private LongAdder[] adders = {};
  private Counter[] handles = {};
  private Sky sky = Sky.disabled();
  private Sky shared = Sky.disabled();

  /** Where a thread is in the keys. */
  @State(Scope.Thread)
  public static class Turn {
    private int i;

    int next(int n) {
      int now = i + 1;
      i = now >= n ? 0 : now;
      return i;
    }
  }

  /** Makes all keys known. */
  @Setup
  public void begin() {
    sky = Sky.builder().servers(NOBODY).build();
    shared = Sky.builder().servers(NOBODY).sharedTableOnly(true).build();
    names = new String[keys];
    adders = new LongAdder[keys];
    handles = new Counter[keys];
    for (int k = 0; k < keys; k++) {
      names[k] = "http_requests|" + k;
      adders[k] = new LongAdder();
      map.put(names[k], adders[k]);
      handles[k] = sky.bindCounter("bound|" + k);
    }
  }

  /** Ends both clients; what they counted was for nobody. */
  @TearDown
  public void end() {
    sky.close();
    shared.close();
  }

  /** Floor: a LongAdder at hand. */
  @Benchmark
  public void floorAdder(Turn turn) {
    adders[turn.next(keys)].increment();
  }

  /** Floor: a LongAdder found in a ConcurrentHashMap. */
  @Benchmark
  public void floorMapAndAdder(Turn turn) {
    LongAdder adder = map.get(names[turn.next(keys)]);
    if (adder != null) {
      adder.increment();
    }
  }

  /** A counter by its key. */
  @Benchmark
  public void counter(Turn turn) {
    sky.counter(names[turn.next(keys)]);
  }

  /** A counter by its key, in the table that virtual threads share. */
  @Benchmark
  public void counterShared(Turn turn) {
    shared.counter(names[turn.next(keys)]);
  }

  /** A counter by name and number. */
  @Benchmark
  public void counterIn(Turn turn) {
    sky.counterIn("http_status", turn.next(keys));
  }

  /** A counter by its key, in a scope that is asked for each time. */
  @Benchmark
  public void counterInScope(Turn turn) {
    sky.scope("app").counter(names[turn.next(keys)]);
  }

  /** A counter held by a handle. */
  @Benchmark
  public void boundCounter(Turn turn) {
    handles[turn.next(keys)].increment();
  }

  /** A gauge by its key; it reads the clock. */
  @Benchmark
  public void gauge(Turn turn) {
    sky.gauge(names[turn.next(keys)], 1.5);
  }

  /** A histogram by its key. */
  @Benchmark
  public void histogram(Turn turn) {
    int i = turn.next(keys);
    sky.histogram(names[i], 1 + (i & 255));
  }
}
