package org.skymetrics.store.riak;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStoreContract;

/** The contract on the real Riak that {@code -Dsky.riak=HOST:PORT} names, in new buckets. */
final class RealRiakIT extends HistoryStoreContract {
  private static final String NODES = System.getProperty("sky.riak", "");

  private final String bucket = "sky-test-" + UUID.randomUUID();

  @BeforeAll
  static void requireNode() {
    if (NODES.isEmpty()) {
      System.err.println(
          "NOT TESTED: history on a real Riak. To test it, start a node and give -Dsky.riak=HOST:PORT");
    }
    assumeTrue(!NODES.isEmpty(), "no -Dsky.riak=HOST:PORT");
  }

  @Override
  protected HistoryStore open() {
    return RiakHistoryStore.connect(RiakOptions.parse(NODES).withBucket(bucket));
  }
}
