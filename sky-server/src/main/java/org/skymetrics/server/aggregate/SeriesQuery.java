package org.skymetrics.server.aggregate;

import java.util.List;
import org.skymetrics.store.batch.Series;

/** Some series, and the periods that start in [fromMs, toMs). */
public record SeriesQuery(List<Series> series, long fromMs, long toMs) {
  public SeriesQuery {
    series = List.copyOf(series);
  }

  public boolean holds(long periodMs) {
    return periodMs >= fromMs && periodMs < toMs;
  }
}
