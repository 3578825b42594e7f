package org.skymetrics.store.chunk;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStore.Versions;

/** The catalogues in history, siblings united. Safe from any thread; blocks on the store. */
public final class CatalogShelf {
  private final HistoryStore history;

  public CatalogShelf(HistoryStore history) {
    this.history = history;
  }

  /**
   * The catalogue of a shard; an empty one where there is none.
   *
   * @throws CorruptException where one of its siblings can't be read: what there is in history is
   *     not known then
   */
  public Catalog read(int shard) throws CorruptException {
    return unite(shard, history.get(Catalog.historyKey(shard)));
  }

  /**
   * Changes the catalogue of a shard, and writes it where that makes a difference. Another may
   * write at the same time: then all that either wanted there is there, and what was to go may
   * stay.
   *
   * @return as it was written
   * @throws CorruptException where what is there can't be read; nothing is written then
   */
  public Catalog change(int shard, UnaryOperator<Catalog> change) throws CorruptException {
    Versions versions = history.get(Catalog.historyKey(shard));
    Catalog changed = change.apply(unite(shard, versions));
    byte[] bytes = changed.toBytes();
    boolean isThere =
        versions.values().size() == 1 && Arrays.equals(versions.values().get(0), bytes);
    if (!isThere) {
      history.put(Catalog.historyKey(shard), bytes, versions.context());
    }
    return changed;
  }

  private static Catalog unite(int shard, Versions versions) throws CorruptException {
    Catalog catalog = Catalog.empty();
    for (byte[] value : versions.values()) {
      try {
        catalog = catalog.unite(Catalog.parse(value));
      } catch (CorruptException e) {
        throw new CorruptException(Catalog.historyKey(shard) + ": " + e.getMessage());
      }
    }
    return catalog;
  }
}
