package org.skymetrics.server.flush;

import java.util.List;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.server.aggregate.Aggregator;
import org.skymetrics.server.aggregate.KeyLimits;
import org.skymetrics.server.aggregate.KeyLog;
import org.skymetrics.server.aggregate.OpenSegment;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Offenders;
import org.skymetrics.server.journal.SegmentFold;
import org.skymetrics.server.lane.Tally;
import org.skymetrics.server.live.WatchTable;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.period.Layout;

/**
 * Folds a segment from its packets, after a restart, with the same table that counts packets when
 * they come in. What it counts about itself was counted before, and is forgotten.
 */
public final class Refold implements SegmentFold {
  private final BatchBuilder builder;
  private final Layout layout;
  private final OpenSegment segment;
  private final Aggregator aggregator;

  public Refold(
      BatchName name,
      Layout layout,
      KeyLimits limits,
      long seed,
      KeyLog keys,
      Offenders offenders,
      Clock clock) {
    this.builder = new BatchBuilder(name, layout);
    this.layout = layout;
    this.segment = new OpenSegment(name.segment(), limits);
    this.aggregator =
        new Aggregator(
            segment,
            seed,
            new WatchTable(layout.period(), clock.wallMs()),
            keys,
            offenders,
            clock,
            new Counters());
  }

  @Override
  public void count(DataReader packet, long referenceMs) {
    aggregator.count(packet, layout.period().startOf(referenceMs), referenceMs);
  }

  @Override
  public void count(Tally tally, long periodMs) {
    aggregator.count(tally, periodMs);
  }

  @Override
  public List<Batch> batches() {
    aggregator.swap(new OpenSegment(segment.number(), new KeyLimits(0, 0))).giveTo(builder);
    return builder.build();
  }
}
