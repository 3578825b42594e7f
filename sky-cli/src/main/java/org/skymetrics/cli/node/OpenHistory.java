package org.skymetrics.cli.node;

import java.nio.file.Files;
import java.nio.file.Path;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.riak.RiakHistoryStore;
import org.skymetrics.store.riak.RiakOptions;
import org.skymetrics.store.sqlite.SqliteHistoryStore;
import org.skymetrics.store.sqlite.SqlitePeriodStore;

/**
 * History alone, for work beside a system that may be running: no directory is locked, as the
 * history file guards itself.
 */
public final class OpenHistory implements AutoCloseable {
  private final HistoryStore store;
  private final Layout layout;

  private OpenHistory(HistoryStore store, Layout layout) {
    this.store = store;
    this.layout = layout;
  }

  /** History on a Riak cluster. */
  public static OpenHistory onRiak(RiakOptions options, Layout layout) {
    return new OpenHistory(RiakHistoryStore.connect(options), layout);
  }

  /**
   * The history of a data directory.
   *
   * @param besideRedis whether the directory has no period store of its own, which tells the layout
   * @param make whether to make it where it is not there
   * @throws StoreException where it is not there, or of another layout
   */
  public static OpenHistory in(Path data, boolean besideRedis, boolean make, Layout layout) {
    if (!make && !Files.exists(data.resolve(SqliteHistoryStore.FILE))) {
      throw new StoreException(
          Fault.UNAVAILABLE, "there is no history in " + data + "; name its directory with --data");
    }
    if (!besideRedis) {
      // A period store refuses another layout than its own when it is opened.
      SqlitePeriodStore.open(data, layout).close();
    }
    return new OpenHistory(SqliteHistoryStore.open(data), layout);
  }

  public HistoryStore store() {
    return store;
  }

  public Layout layout() {
    return layout;
  }

  @Override
  public void close() {
    store.close();
  }
}
