package org.skymetrics.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StoreCountersTest {
  @Test
  void shouldCountByCause() {
    StoreCounters counters = new StoreCounters();
    counters.increment(StoreCounter.RETRY);
    counters.add(StoreCounter.SIBLINGS, 3);
    assertThat(counters.get(StoreCounter.RETRY)).isEqualTo(1);
    assertThat(counters.snapshot())
        .containsOnlyKeys(StoreCounter.values())
        .containsEntry(StoreCounter.SIBLINGS, 3L)
        .containsEntry(StoreCounter.TIMEOUT, 0L);
  }

  @Test
  void shouldNameAndDescribeEveryCause() {
    for (StoreCounter counter : StoreCounter.values()) {
      assertThat(counter.label()).matches("[a-z_]+");
      assertThat(counter.description()).hasSizeGreaterThan(20);
    }
  }
}
