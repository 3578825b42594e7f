package org.skymetrics.store.dashboard;

import org.junit.jupiter.api.function.Executable;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;

/** A history store before whose first put something else happens. */
final class InterruptedStore implements HistoryStore {
  private final HistoryStore store;
  private final Executable interruption;
  private boolean interrupted;

  InterruptedStore(HistoryStore store, Executable interruption) {
    this.store = store;
    this.interruption = interruption;
  }

  @Override
  public Versions get(String key) {
    return store.get(key);
  }

  @Override
  public void put(String key, byte[] value, Context context) {
    if (!interrupted) {
      interrupted = true;
      try {
        interruption.execute();
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }
    store.put(key, value, context);
  }

  @Override
  public void delete(String key, Context context) {
    store.delete(key, context);
  }

  @Override
  public String describe() {
    return store.describe();
  }

  @Override
  public void close() {
    store.close();
  }
}
