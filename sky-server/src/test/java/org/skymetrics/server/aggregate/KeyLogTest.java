package org.skymetrics.server.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.store.batch.Series;

class KeyLogTest {
  private final Counters counters = new Counters();

  private static Series series(int i) {
    return new Series(Key.of("k" + i), Kind.COUNTER);
  }

  @Property(tries = 100)
  void shouldGiveEachEntryOnceToAReaderThatAsksOn(@ForAll Random random) {
    KeyLog log = new KeyLog(1000, counters);
    List<Series> met = new ArrayList<>();
    List<Series> read = new ArrayList<>();
    long next = 0;
    for (int i = 0; i < 200; i++) {
      if (random.nextInt(3) > 0) {
        log.met(1, series(i), i);
        met.add(series(i));
      } else {
        KeyLog.Page page = log.after(next, 1 + random.nextInt(10));
        page.entries().forEach(e -> read.add(e.series()));
        next = page.last();
      }
    }
    log.after(next, 1000).entries().forEach(e -> read.add(e.series()));
    assertThat(read).isEqualTo(met);
  }

  @Test
  void shouldDropTheOldestAtItsLimitAndCountThem() {
    KeyLog log = new KeyLog(3, counters);
    for (int i = 0; i < 5; i++) {
      log.met(1, series(i), i);
    }
    KeyLog.Page page = log.after(0, 10);
    assertThat(page.entries()).extracting(KeyLog.Entry::seenMs).containsExactly(2L, 3L, 4L);
    assertThat(page.last()).isEqualTo(5);
    assertThat(counters.get(ServerCounter.KEYS_UNLISTED)).isEqualTo(2);
  }

  @Test
  void shouldForgetSegmentsThatHistoryHas() {
    KeyLog log = new KeyLog(10, counters);
    log.met(1, series(1), 1);
    log.met(2, series(1), 2);
    log.forgetBefore(2);
    assertThat(log.after(0, 10).entries()).extracting(KeyLog.Entry::seenMs).containsExactly(2L);
    assertThat(log.after(0, 10).last()).isEqualTo(2);
  }

  @Test
  void shouldStartAnewForAReaderOfAnotherProcess() {
    KeyLog log = new KeyLog(10, counters);
    log.met(1, series(1), 1);
    assertThat(log.after(999, 10).entries()).hasSize(1);
    assertThat(log.after(999, 10).last()).isEqualTo(1);
  }
}
