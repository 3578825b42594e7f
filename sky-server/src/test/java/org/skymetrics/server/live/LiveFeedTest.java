package org.skymetrics.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.time.Period;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.server.aggregate.Aggregator;
import org.skymetrics.server.aggregate.KeyLimits;
import org.skymetrics.server.aggregate.KeyLog;
import org.skymetrics.server.aggregate.OpenSegment;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Mishaps;
import org.skymetrics.server.count.Offenders;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.fixture.DataPackets;
import org.skymetrics.server.fixture.ManualLoop;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.live.Follower.Told;
import org.skymetrics.store.live.SecondMessage;
import org.skymetrics.store.live.WatchRequest;
import org.skymetrics.store.live.Watchers;

/** The feed with receiving threads that count real packets, on loops that run when told to. */
class LiveFeedTest {
  private static final long PERIOD_MS = 60_000;
  private static final long START_MS = 1_700_000_040_000L;
  private static final long START = START_MS / 1000;
  private static final Series PARENT = new Series(Key.of("a"), Kind.COUNTER);
  private static final Series CHILD = new Series(Key.of("a|b"), Kind.COUNTER);

  private final ManualClock clock = new ManualClock(START_MS + 500);
  private final Counters counters = new Counters();
  private final ManualLoop self = new ManualLoop();
  private final LiveFeed feed = new LiveFeed(self, clock, counters, new Mishaps(counters));
  private final List<ManualLoop> loops = new ArrayList<>();
  private final List<Aggregator> aggregators = new ArrayList<>();
  private final DataPackets packets = new DataPackets(1, 2);
  private final Reader reader = new Reader();
  private long segment = 1;

  LiveFeedTest() {
    for (int i = 0; i < 2; i++) {
      ManualLoop loop = new ManualLoop();
      Aggregator aggregator =
          new Aggregator(
              segment(),
              i,
              new WatchTable(Period.ONE_MINUTE, clock.wallMs()),
              new KeyLog(1000, counters),
              new Offenders(clock),
              clock,
              counters);
      loops.add(loop);
      aggregators.add(aggregator);
      feed.add(loop, aggregator);
    }
  }

  private OpenSegment segment() {
    return new OpenSegment(segment++, new KeyLimits(1000, 1000));
  }

  /** Keeps what it is told, as any reader does: what comes again replaces. */
  private static final class Reader implements LiveSink {
    final Map<Series, Map<Long, Long>> seconds = new HashMap<>();
    final Map<Series, Long> kept = new HashMap<>();
    boolean ready = true;
    long to;
    String refused = "";

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void send(byte[] message) {
      Told told;
      try {
        told = SecondMessage.parse(message);
      } catch (CorruptException e) {
        throw new AssertionError(e);
      }
      to = told.to();
      kept.putAll(told.kept());
      told.seconds()
          .forEach(
              second ->
                  second
                      .items()
                      .forEach(
                          item ->
                              seconds
                                  .computeIfAbsent(item.series(), s -> new TreeMap<>())
                                  .put(
                                      second.time(),
                                      CounterCell.read(new ByteReader(item.bytes())).sum())));
    }

    @Override
    public void refuse(String why) {
      refused = why;
    }

    Map<Long, Long> of(Series series) {
      return seconds.getOrDefault(series, Map.of());
    }
  }

  private void runAll() {
    boolean any = true;
    while (any) {
      any = self.runOne();
      for (ManualLoop loop : loops) {
        any |= loop.runOne();
      }
    }
  }

  private void count(int thread, String key, long n, long periodMs) {
    byte[] packet = packets.counter(key, n);
    DataReader data = new DataReader();
    assertThat(data.wrap(packet, 0, packet.length)).isNull();
    assertThat(data.validate()).isTrue();
    aggregators.get(thread).count(data, periodMs, periodMs + PERIOD_MS / 2);
  }

  private void pass(long ms) {
    clock.advance(Duration.ofMillis(ms));
    self.execute(feed::tick);
    runAll();
  }

  private LiveFeed.Stream watch(Series... series) {
    LiveFeed.Stream stream = feed.open(reader);
    stream.ask(new WatchRequest(List.of(series), List.of(), 0));
    runAll();
    return stream;
  }

  @Test
  void shouldTellTheSecondsOfAllThreadsFromTheNextOneOn() {
    count(0, "a|b", 100, START_MS);
    watch(PARENT, CHILD);
    count(0, "a|b", 1000, START_MS);
    pass(500);
    assertThat(reader.kept).isEqualTo(Map.of(PARENT, START + 1, CHILD, START + 1));
    assertThat(reader.seconds).as("the second in which it began is not whole").isEmpty();
    count(0, "a|b", 1, START_MS);
    count(1, "a|b", 2, START_MS);
    count(1, "a|c", 4, START_MS);
    count(1, "d", 8, START_MS);
    pass(999);
    assertThat(reader.seconds).isEmpty();
    pass(1);
    assertThat(reader.of(PARENT)).isEqualTo(Map.of(START + 1, 7L));
    assertThat(reader.of(CHILD)).isEqualTo(Map.of(START + 1, 3L));
    assertThat(reader.to).isEqualTo(START + 2);
    aggregators.get(0).swap(segment());
    count(0, "a|b", 5, START_MS);
    pass(1000);
    assertThat(reader.of(CHILD)).as("in the next segment").containsEntry(START + 2, 5L);
    assertThat(reader.seconds).containsOnlyKeys(PARENT, CHILD);
  }

  @Test
  void shouldGoOnForTenMinutesAndForgetThen() {
    LiveFeed.Stream stream = watch(PARENT);
    pass(500);
    stream.close();
    runAll();
    count(0, "a", 3, START_MS);
    pass(1000);
    assertThat(reader.seconds).isEmpty();
    watch(PARENT);
    pass(1000);
    assertThat(reader.of(PARENT)).isEqualTo(Map.of(START + 1, 3L));
    stream = watch(CHILD);
    stream.close();
    runAll();
    pass(Watchers.KEPT.toMillis() + 1000);
    reader.kept.clear();
    watch(CHILD);
    pass(1000);
    assertThat(reader.kept.get(CHILD)).isEqualTo(reader.to);
  }

  @Test
  void shouldMakeUpForMessagesLeftOut() {
    watch(PARENT);
    pass(500);
    reader.ready = false;
    for (int i = 0; i < 3; i++) {
      count(0, "a", i + 1, START_MS);
      pass(1000);
    }
    assertThat(reader.seconds).isEmpty();
    assertThat(counters.get(ServerCounter.LIVE_MESSAGES_SKIPPED)).isEqualTo(3);
    reader.ready = true;
    pass(1000);
    assertThat(reader.of(PARENT)).isEqualTo(Map.of(START + 1, 1L, START + 2, 2L, START + 3, 3L));
  }

  @Test
  void shouldTellTheRunningSecondAtTheEnd() {
    watch(PARENT);
    pass(500);
    count(0, "a", 6, START_MS);
    var unused = feed.end();
    runAll();
    assertThat(reader.of(PARENT)).isEqualTo(Map.of(START + 1, 6L));
  }

  @Test
  void shouldGoOnWhereTheClockIsSetBackOrForward() {
    watch(PARENT);
    pass(500);
    clock.stepWall(Duration.ofMinutes(-30));
    pass(1000);
    long begun = reader.to;
    assertThat(begun).isEqualTo(START + 2 - 1800);
    pass(1000);
    count(0, "a", 1, START_MS - 30 * PERIOD_MS);
    pass(1000);
    assertThat(reader.of(PARENT)).containsEntry(begun + 1, 1L);
    clock.stepWall(Duration.ofHours(5));
    pass(1000);
    assertThat(reader.to).isEqualTo(begun + 3 + 5 * 3600);
  }

  @Test
  void shouldRefuseTooManyStreamsAndSeries() {
    List<LiveFeed.Stream> streams = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      streams.add(feed.open(reader));
    }
    assertThat(feed.open(reader)).isNull();
    assertThat(counters.get(ServerCounter.LIVE_STREAMS_REFUSED)).isEqualTo(1);
    for (int i = 0; i <= 20; i++) {
      List<Series> many = new ArrayList<>();
      for (int k = 0; k < 500; k++) {
        many.add(new Series(Key.of("many|" + i + "_" + k), Kind.COUNTER));
      }
      assertThat(reader.refused).isEmpty();
      streams.get(0).ask(new WatchRequest(many, List.of(), 0));
      runAll();
    }
    assertThat(reader.refused).contains("10000");
    assertThat(counters.get(ServerCounter.LIVE_WATCHES_REFUSED)).isEqualTo(1);
  }

  /** Whatever comes when, of whatever period: the seconds of a period add up to what it counted. */
  @Property(tries = 60)
  void shouldAddUpToThePeriods(@ForAll Random random) {
    LiveFeedTest world = new LiveFeedTest();
    world.watch(PARENT, CHILD);
    world.pass(500);
    Map<Series, Map<Long, Long>> counted = new HashMap<>();
    // In its last period only, those before it: nothing of it goes on past the end.
    for (int i = 0; i < 150; i++) {
      for (int n = random.nextInt(4); n > 0; n--) {
        long now = Period.ONE_MINUTE.startOf(world.clock.wallMs());
        long period = now + PERIOD_MS * (random.nextInt(8) == 0 ? random.nextInt(3) - 1 : 0);
        if (period < START_MS + PERIOD_MS) {
          period = START_MS + PERIOD_MS;
        }
        String key = random.nextBoolean() ? "a" : "a|b";
        world.count(random.nextInt(2), key, n, period);
        counted.computeIfAbsent(PARENT, s -> new TreeMap<>()).merge(period, (long) n, Long::sum);
        if (key.equals("a|b")) {
          counted.computeIfAbsent(CHILD, s -> new TreeMap<>()).merge(period, (long) n, Long::sum);
        }
      }
      if (random.nextInt(40) == 0) {
        world.aggregators.get(random.nextInt(2)).swap(world.segment());
      }
      world.reader.ready = random.nextInt(4) > 0;
      world.pass(random.nextInt(6) == 0 ? 2500 : 1000);
    }
    world.reader.ready = true;
    for (int i = 0; i < 70; i++) {
      world.pass(1000);
    }
    Map<Series, Map<Long, Long>> read = new HashMap<>();
    world.reader.seconds.forEach(
        (series, seconds) ->
            seconds.forEach(
                (second, n) ->
                    read.computeIfAbsent(series, s -> new TreeMap<>())
                        .merge(Period.ONE_MINUTE.startOf(second * 1000), n, Long::sum)));
    assertThat(read).isEqualTo(counted);
  }
}
