package org.skymetrics.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.skymetrics.store.Samples.PLACE;
import static org.skymetrics.store.Samples.batch;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.store.Samples;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.period.PeriodStore.BatchState;
import org.skymetrics.store.period.PeriodStoreContract;

final class SimulatedPeriodStoreTest extends PeriodStoreContract {
  private final ManualClock clock = new ManualClock(Samples.START_MS);
  private final SimulatedRedis redis = new SimulatedRedis();

  @Override
  protected PeriodStore open(Layout layout) {
    return new SimulatedPeriodStore(redis, layout, clock, counters);
  }

  @Override
  protected PeriodStore wipe(PeriodStore wiped) {
    redis.wipe();
    return open(LAYOUT);
  }

  @Override
  protected void pass(Duration time) {
    clock.advance(time);
  }

  @Override
  protected void damage(ShardPeriod place, String name, byte[] bytes) {
    redis.state().mail.computeIfAbsent(place, p -> new TreeMap<>()).put(name, bytes);
  }

  private List<BatchState> states() {
    return List.copyOf(
        store.states(PLACE, List.of(batch(1, "a", 1).name(), batch(2, "a", 1).name())).values());
  }

  @Test
  void shouldLackWhatItsReplicaLackedAfterAFailOver() {
    store.put(List.of(batch(1, "a", 1)));
    redis.replicate(1);
    store.put(List.of(batch(2, "a", 1)));
    store.done(PLACE, List.of(batch(1, "a", 1).name()));
    redis.failOver();
    assertThat(states()).containsExactly(BatchState.WAITING, BatchState.ABSENT);
    assertThat(store.counters(PLACE).values()).containsExactly(1L);
  }

  @Test
  void shouldGoBackToItsSnapshot() {
    store.put(List.of(batch(1, "a", 1)));
    redis.takeSnapshot();
    store.put(List.of(batch(2, "a", 1)));
    redis.rollBack();
    assertThat(states()).containsExactly(BatchState.WAITING, BatchState.ABSENT);
    store.put(List.of(batch(2, "a", 1)));
    redis.rollBack();
    assertThat(states()).containsExactly(BatchState.WAITING, BatchState.ABSENT);
  }
}
