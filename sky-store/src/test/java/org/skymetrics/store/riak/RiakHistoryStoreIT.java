package org.skymetrics.store.riak;

import org.junit.jupiter.api.AfterEach;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStoreContract;
import org.skymetrics.store.riak.standin.RiakStandIn;

/** The contract on the stand-in; {@link RealRiakIT} is the same on a real node. */
final class RiakHistoryStoreIT extends HistoryStoreContract {
  private final RiakStandIn node = RiakStandIn.start();

  @Override
  protected HistoryStore open() {
    return RiakHistoryStore.connect(RiakOptions.parse(node.address()));
  }

  @AfterEach
  void stopNode() {
    node.close();
  }
}
