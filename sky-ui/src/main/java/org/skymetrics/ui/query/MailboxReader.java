package org.skymetrics.ui.query;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.util.List;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.PeriodStore;

/**
 * Reads mailboxes. Each time the store is asked which batches wait; those that were read before are
 * not read again, for a batch never changes. While a large period waits for history it would else
 * be read as a whole for each answer.
 */
final class MailboxReader {
  private final PeriodStore periods;
  private final Cache<Waiting, Batch> cache;

  /** Which batch. */
  private record Waiting(ShardPeriod place, BatchName name) {}

  MailboxReader(PeriodStore periods, long cacheBytes) {
    this.periods = periods;
    this.cache =
        CacheBuilder.newBuilder()
            .maximumWeight(cacheBytes)
            .<Waiting, Batch>weigher((waiting, batch) -> batch.bytes().length)
            .concurrencyLevel(4)
            .build();
  }

  /** The batches that wait at a place. */
  List<Batch> read(ShardPeriod place) {
    List<Batch> batches =
        periods.mailbox(place, name -> cache.getIfPresent(new Waiting(place, name)));
    for (Batch batch : batches) {
      cache.put(new Waiting(place, batch.name()), batch);
    }
    return batches;
  }
}
