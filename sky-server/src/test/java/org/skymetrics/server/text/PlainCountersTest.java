package org.skymetrics.server.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.skymetrics.client.PlacedCounter;
import org.skymetrics.client.Recording;
import org.skymetrics.client.Relay;
import org.skymetrics.client.Sky;
import org.skymetrics.common.time.Period;

class PlainCountersTest {
  private static final int LONGS = 1 << 14;

  private Recording recording = Sky.recording();
  private Relay relay = Relay.of(recording.sky(), Period.ONE_MINUTE);
  private PlainCounters counters = new PlainCounters(LONGS);

  private static byte[] padded(String name) {
    return (name + ":1234567").getBytes(UTF_8);
  }

  /** Whether the name was there. */
  private boolean add(String name, long n) {
    byte[] bytes = padded(name);
    int length = name.getBytes(UTF_8).length;
    long hash = NameHash.of(bytes, 0, length);
    int place = counters.place(counters.slot(hash), hash);
    return place != PlainCounters.NONE
        && counters.add(place, counters.head(place), bytes, 0, length, hash, n);
  }

  /** Whether there was room. */
  private boolean put(String name, long n) {
    byte[] utf8 = name.getBytes(UTF_8);
    if (!counters.prepare(utf8.length)) {
      return false;
    }
    PlacedCounter counter = relay.count(name, n, counters.freshPage(), counters.freshTotal());
    assertThat(counter).isNotNull();
    counters.put(utf8, NameHash.of(utf8, 0, utf8.length), counter);
    return true;
  }

  @Property(tries = 50)
  void shouldCountEachNameForItself(@ForAll Random random) {
    recording = Sky.recording();
    relay = Relay.of(recording.sky(), Period.ONE_MINUTE);
    counters = new PlainCounters(4 * LONGS);
    Map<String, Long> expected = new HashMap<>();
    for (int i = 0; i < 3_000; i++) {
      String name = "k".repeat(1 + random.nextInt(30)) + random.nextInt(20);
      long n = random.nextInt(1_000);
      if (!add(name, n)) {
        assertThat(expected).doesNotContainKey(name);
        assertThat(put(name, n)).isTrue();
      }
      expected.merge(name, n, Long::sum);
    }
    assertThat(counters.size()).isEqualTo(expected.size());
    expected.forEach((name, n) -> assertThat(recording.count(name)).as(name).isEqualTo(n));
  }

  @Test
  void shouldHaveNoRoomBeyondItsLimitUntilAllIsForgotten() {
    int put = 0;
    while (put("name-" + put, 1)) {
      put++;
    }
    assertThat(put).isGreaterThan(LONGS / 8);
    assertThat(add("name-0", 5)).isTrue();
    counters.clear();
    assertThat(add("name-0", 5)).isFalse();
    assertThat(put("name-0", 7)).isTrue();
    assertThat(add("name-0", 1)).isTrue();
    assertThat(recording.count("name-0")).isEqualTo(1 + 5 + 7 + 1);
    assertThat(recording.count("name-" + (put - 1))).isEqualTo(1);
  }
}
