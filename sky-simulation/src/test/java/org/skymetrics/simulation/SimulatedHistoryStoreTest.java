package org.skymetrics.simulation;

import org.junit.jupiter.api.Nested;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStoreContract;

final class SimulatedHistoryStoreTest {
  @Nested
  final class LikeSqlite extends HistoryStoreContract {
    private final SimulatedRiak riak = new SimulatedRiak(false);

    @Override
    protected HistoryStore open() {
      return new SimulatedHistoryStore(riak);
    }
  }

  @Nested
  final class LikeRiak extends HistoryStoreContract {
    private final SimulatedRiak riak = new SimulatedRiak(true);

    @Override
    protected HistoryStore open() {
      return new SimulatedHistoryStore(riak);
    }
  }
}
