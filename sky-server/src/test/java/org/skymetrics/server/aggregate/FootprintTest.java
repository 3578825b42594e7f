package org.skymetrics.server.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.time.Period;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Offenders;
import org.skymetrics.server.fixture.DataPackets;
import org.skymetrics.server.live.WatchTable;

/**
 * What an active counter takes of a server's heap: in the index and the table of its thread, among
 * the series of the segment, and in the log of keys.
 */
class FootprintTest {
  private static final int KEYS = 400_000;
  private static final int AT_ONCE = 40;

  private final DataPackets packets = new DataPackets(1, 2);
  private final DataReader reader = new DataReader();

  private void countAll(Aggregator aggregator) {
    for (int first = 0; first < KEYS; first += AT_ONCE) {
      int from = first;
      byte[] packet =
          packets.packet(
              0,
              writer -> {
                for (int i = from; i < from + AT_ONCE; i++) {
                  String key = String.format(Locale.ROOT, "service-%02d|%07d", i % 50, i);
                  assertThat(writer.addCounter(Key.of(key), 1)).isTrue();
                }
              });
      assertThat(reader.wrap(packet, 0, packet.length)).isNull();
      assertThat(aggregator.validate(reader)).isTrue();
      aggregator.count(reader, 0, 0, 0, aggregator.noted());
      aggregator.forgetNotes(0);
    }
  }

  @Test
  void shouldTakeFewBytesForAnActiveCounter() {
    KeyLimits limits = new KeyLimits(Integer.MAX_VALUE, Integer.MAX_VALUE);
    Counters counters = new Counters();
    ManualClock clock = new ManualClock(0);
    long before = used();
    KeyLog log = new KeyLog(2 * KEYS, counters);
    OpenSegment segment = new OpenSegment(1, limits);
    WatchTable watched = new WatchTable(Period.ONE_MINUTE, 0);
    Aggregator aggregator =
        new Aggregator(segment, 42, watched, log, new Offenders(clock), clock, counters);
    countAll(aggregator);
    long each = (used() - before) / KEYS;
    System.out.println("An active counter with a key of 18 bytes takes " + each + " bytes");
    assertThat(aggregator.series()).isEqualTo(KEYS + 50);
    assertThat(log.size()).isEqualTo(segment.cells()).isEqualTo(KEYS + 50);
    assertThat(each).isLessThan(250);
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}
