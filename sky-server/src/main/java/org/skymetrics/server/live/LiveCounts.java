package org.skymetrics.server.live;

import java.util.List;
import org.skymetrics.server.live.WatchTable.SecondCell;
import org.skymetrics.store.batch.Series;

/** What counts the packets of one receiving thread, as far as series of it are watched. */
public interface LiveCounts {
  /** Keeps the seconds of these from now on. */
  void watch(List<Series> series);

  /** Keeps the seconds of these no more. */
  void unwatch(List<Series> series);

  /** The open second is over, and this one is open now: gives what was counted meanwhile. */
  List<SecondCell> cut(long second);
}
