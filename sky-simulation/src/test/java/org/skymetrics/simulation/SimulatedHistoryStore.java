package org.skymetrics.simulation;

import org.skymetrics.store.StoreException;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;

/** A history store on a {@link SimulatedRiak}. */
final class SimulatedHistoryStore implements HistoryStore {
  private final SimulatedRiak riak;
  private boolean closed;

  SimulatedHistoryStore(SimulatedRiak riak) {
    this.riak = riak;
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreException(StoreException.Fault.UNAVAILABLE, describe() + " is closed");
    }
  }

  @Override
  public Versions get(String key) {
    synchronized (riak) {
      requireOpen();
      return riak.get(key);
    }
  }

  @Override
  public void put(String key, byte[] value, Context context) {
    synchronized (riak) {
      requireOpen();
      riak.put(key, value, context);
    }
  }

  @Override
  public void delete(String key, Context context) {
    synchronized (riak) {
      requireOpen();
      riak.delete(key, context);
    }
  }

  @Override
  public String describe() {
    return "simulated Riak";
  }

  @Override
  public void close() {
    closed = true;
  }
}
