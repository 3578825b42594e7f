package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;

/** Threads count while another harvests, cuts and retires: nothing falls between. */
final class RecorderStressTest {
  private static final int KEYS = 20;
  private static final int ROUNDS = 30_000;

  /** A thread class of its own, whose id says nothing. */
  private static final class OddThread extends Thread {
    OddThread(Runnable work) {
      super(work);
    }

    @Override
    @SuppressWarnings("deprecation")
    public long getId() {
      return 7;
    }
  }

  @ParameterizedTest
  @CsvSource({"2,false,false", "8,false,true", "40,false,false", "6,true,true"})
  void shouldCountAllThatThreadsCount(int threads, boolean sharedOnly, boolean odd)
      throws InterruptedException {
    Harvester harvester =
        new Harvester(
            new SkyBuilder().sharedTableOnly(sharedOnly).retireAfter(Duration.ofMinutes(1)));
    int rounds = threads > 16 ? ROUNDS / 5 : ROUNDS;
    Counter counter = harvester.sky.bindCounter("bound");
    Histogram histogram = harvester.sky.bindHistogram("bound");
    Gauge gauge = harvester.sky.bindGauge("bound");
    List<Thread> workers = new ArrayList<>();
    AtomicIntegerArray turns = new AtomicIntegerArray(threads);
    for (int t = 0; t < threads; t++) {
      int seed = t;
      Runnable work = () -> work(harvester.sky, counter, histogram, gauge, rounds, seed, turns);
      workers.add(odd && t % 2 == 0 ? new OddThread(work) : new Thread(work));
    }
    AtomicBoolean over = new AtomicBoolean();
    Thread harvests =
        new Thread(
            () -> {
              int[] before = new int[threads];
              for (int i = 0; !over.get(); i++) {
                if (i % 3 == 0) {
                  harvester.cut();
                }
                if (i % 50 == 0 && allWentOn(turns, before, rounds)) {
                  // Far enough for idle sources to retire, and to be forgotten much later.
                  harvester.clock.advance(Duration.ofSeconds(5));
                }
                harvester.take();
              }
            });
    harvests.start();
    workers.forEach(Thread::start);
    for (Thread worker : workers) {
      worker.join();
    }
    over.set(true);
    harvests.join();
    harvester.take();

    long each = (long) threads * rounds;
    long sum = 0;
    for (int k = 0; k < KEYS; k++) {
      sum += harvester.counted("k" + k);
    }
    assertThat(sum).isEqualTo(2 * each);
    assertThat(harvester.counted("app>k")).isEqualTo(each);
    assertThat(harvester.counted("bound")).isEqualTo(3 * each);
    long in = 0;
    for (int k = 0; k < KEYS; k++) {
      in += harvester.counted("in|" + k) + harvester.counted("in|s" + k);
    }
    assertThat(in).isEqualTo(2 * each);
    assertMoments(harvester, "h", 2 * each, rounds);
    GaugeCell g = (GaugeCell) harvester.cells.get(Kind.GAUGE + " g");
    assertThat(g.count()).isEqualTo(each);
    assertThat(g.moments().min()).isZero();
    assertThat(g.moments().max()).isEqualTo(rounds - 1);
    assertThat(harvester.counted(Kind.HISTOGRAM, "bound")).isEqualTo(each);
    assertThat(harvester.counted(Kind.GAUGE, "bound")).isEqualTo(each);
    // Counters 2 + 1 + 3 + 2, histograms 2 + 1, gauges 1 + 1.
    assertThat(harvester.core.stats().acceptedCounts()).isEqualTo(13 * each);
  }

  /**
   * Whether each worker that has not ended has begun another turn since this last said yes: time
   * goes on for all, and none may stand in the middle of a call for the minute in which a source
   * that was retired is still harvested.
   */
  private static boolean allWentOn(AtomicIntegerArray turns, int[] before, int rounds) {
    for (int t = 0; t < before.length; t++) {
      if (turns.get(t) == before[t] && before[t] < rounds) {
        return false;
      }
    }
    for (int t = 0; t < before.length; t++) {
      before[t] = turns.get(t);
    }
    return true;
  }

  private static void work(
      Sky sky,
      Counter counter,
      Histogram histogram,
      Gauge gauge,
      int rounds,
      int seed,
      AtomicIntegerArray turns) {
    SplittableRandom random = new SplittableRandom(seed);
    String[] keys = new String[KEYS];
    for (int k = 0; k < KEYS; k++) {
      keys[k] = "k" + k;
    }
    for (int i = 0; i < rounds; i++) {
      int k = random.nextInt(KEYS);
      sky.counter(keys[k], 2);
      sky.scope("app").counter("k");
      sky.counterIn("in", k);
      sky.counterIn("in", "s" + k);
      sky.histogram("h", i);
      sky.histogram("h", -i);
      sky.gauge("g", i);
      counter.increment();
      counter.add(2);
      histogram.record(i);
      gauge.set(i);
      turns.set(seed, i + 1);
    }
  }

  private static void assertMoments(Harvester harvester, String key, long count, int rounds) {
    HistogramCell cell = (HistogramCell) harvester.cells.get(Kind.HISTOGRAM + " " + key);
    assertThat(cell.count()).isEqualTo(count);
    assertThat(cell.moments().min()).isEqualTo(-(rounds - 1));
    assertThat(cell.moments().max()).isEqualTo(rounds - 1);
    assertThat(cell.moments().sum()).isZero();
    HistogramCell expected = new HistogramCell();
    for (int i = 0; i < rounds; i++) {
      expected.record(i);
      expected.record(-i);
    }
    expected.forEachBucket(
        (index, n) -> {
          long[] found = {0};
          cell.forEachBucket((other, m) -> found[0] += other == index ? m : 0);
          assertThat(found[0]).isEqualTo(n * (count / 2 / rounds));
        });
  }

  /** Series are forgotten by the sender while threads begin to count in them again. */
  @org.junit.jupiter.api.Test
  void shouldLoseNothingWhereASeriesIsForgottenAndMadeAgain() throws InterruptedException {
    Registry registry =
        new Registry(1_000, false, new Mishaps(), new SourceFactory(new Epoch(), () -> 0));
    int threads = 4;
    int rounds = 20_000;
    List<List<Source>> made = new ArrayList<>();
    List<Thread> workers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      List<Source> mine = new ArrayList<>();
      made.add(mine);
      workers.add(
          new Thread(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  Registry.Place place = registry.place("k" + i % 3, Kind.COUNTER);
                  Source source = registry.factory().shared(Kind.COUNTER, "k");
                  registry.add(place.entry(), source);
                  mine.add(source);
                }
              }));
    }
    AtomicBoolean over = new AtomicBoolean();
    List<Source> seen = new ArrayList<>();
    Thread sender =
        new Thread(
            () -> {
              boolean last = false;
              while (!last) {
                last = over.get();
                for (Entry entry : registry.entries()) {
                  for (Source source : entry.sources()) {
                    seen.add(source);
                    entry.drop(source);
                  }
                  registry.forget(entry);
                }
              }
              for (Entry entry : registry.entries()) {
                seen.addAll(List.of(entry.sources()));
              }
            });
    sender.start();
    workers.forEach(Thread::start);
    for (Thread worker : workers) {
      worker.join();
    }
    over.set(true);
    sender.join();
    java.util.Set<Source> all =
        java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
    all.addAll(seen);
    assertThat(all).hasSize(threads * rounds);
  }
}
