package org.skymetrics.store.redis;

import java.util.List;

/** What commands are sent to: one server, the master that sentinels name, or a cluster. */
sealed interface Servers extends AutoCloseable permits RedisNode, RedisCluster {
  /**
   * Sends commands in one go to each server concerned, and gives their replies in the order of the
   * requests; an error as the exception that it would be.
   *
   * @throws org.skymetrics.store.StoreException where a server gave no replies; commands may have
   *     taken effect
   */
  List<Object> exchange(List<Request> requests);

  /** An answer said that another server should have been asked: who it is, is found out anew. */
  void doubt();

  @Override
  void close();
}
