package org.skymetrics.ui.members;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;

/** A member of the ring in this very process, which is asked without HTTP. Does not block. */
@FunctionalInterface
public interface NearMember {
  /**
   * The batches that history may not have yet and that may have these series: as {@code
   * /v1/batches} gives them, or with other series too.
   *
   * @param series 1,000 at most
   * @return fails with a sentence
   */
  CompletionStage<List<Batch>> batches(List<Series> series, long fromMs, long toMs);
}
