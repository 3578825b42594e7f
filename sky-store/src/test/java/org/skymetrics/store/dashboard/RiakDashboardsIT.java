package org.skymetrics.store.dashboard;

import org.junit.jupiter.api.AfterEach;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.riak.RiakHistoryStore;
import org.skymetrics.store.riak.RiakOptions;
import org.skymetrics.store.riak.standin.RiakStandIn;

final class RiakDashboardsIT extends DashboardsContract {
  private final RiakStandIn node = RiakStandIn.start();

  @Override
  HistoryStore open() {
    return RiakHistoryStore.connect(RiakOptions.parse(node.address()));
  }

  @AfterEach
  void stopNode() {
    node.close();
  }
}
