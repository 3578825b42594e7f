package org.skymetrics.store.redis;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.period.PeriodStoreContract;
import redis.clients.jedis.Protocol.Command;

/** What a period store does, on Redis as it is set up in one way or another. */
abstract class RedisContract extends PeriodStoreContract {
  /** Where the store under test is told that its Redis is. */
  abstract RedisOptions options();

  /** All servers that hold data and take writes. */
  abstract List<RedisUnderTest> masters();

  /** The one that holds this key. */
  RedisUnderTest holderOf(byte[] key) {
    return masters().get(0);
  }

  @AfterEach
  void empty() {
    masters().forEach(redis -> redis.command(Command.FLUSHALL));
  }

  @Override
  protected PeriodStore open(Layout layout) {
    return RedisPeriodStore.connect(options(), layout, counters);
  }

  @Override
  protected PeriodStore wipe(PeriodStore wiped) {
    empty();
    return wiped;
  }

  /** Waits by Redis's own clock. */
  @Override
  protected void pass(Duration time) {
    long end = store.clockMs() + time.toMillis();
    while (store.clockMs() < end) {
      Thread.onSpinWait();
    }
  }

  @Override
  protected void damage(ShardPeriod place, String name, byte[] bytes) {
    byte[] mailbox = Keys.mailbox(place);
    holderOf(mailbox).command(Command.HSET, mailbox, name, bytes);
  }
}
