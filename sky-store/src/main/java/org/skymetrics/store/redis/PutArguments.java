package org.skymetrics.store.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.period.Posting;

/** The arguments of the put script, in the order that it names. */
final class PutArguments {
  private PutArguments() {}

  static List<byte[]> of(Posting posting, Duration retention) {
    int others = posting.series().size() - posting.increments().size() - posting.gauges().size();
    List<byte[]> all = new ArrayList<>(9 + 2 * posting.series().size());
    all.add(Keys.utf8(posting.batch().name().toString()));
    all.add(posting.batch().bytes());
    all.add(decimal(posting.periodSeconds()));
    all.add(decimal(PeriodStore.SUMS_RETENTION.toSeconds()));
    all.add(decimal(posting.seenSeconds()));
    all.add(decimal(posting.forgetBeforeSeconds(retention)));
    all.add(decimal(posting.increments().size()));
    all.add(decimal(posting.gauges().size()));
    all.add(decimal(others));
    for (Posting.Increment increment : posting.increments()) {
      all.add(increment.key().toBytes());
      all.add(decimal(increment.by()));
    }
    for (Posting.Gauge gauge : posting.gauges()) {
      all.add(gauge.key().toBytes());
      all.add(
          new ByteWriter(gauge.rank().length + gauge.cell().length)
              .raw(gauge.rank())
              .raw(gauge.cell())
              .toBytes());
    }
    for (Series series : posting.series()) {
      if (series.kind() != Kind.COUNTER && series.kind() != Kind.GAUGE) {
        all.add(seenMember(series));
      }
    }
    return all;
  }

  private static byte[] seenMember(Series series) {
    Key key = series.key();
    byte[] member = new byte[1 + key.length()];
    member[0] = (byte) ('0' + series.kind().id());
    key.copyTo(0, member, 1, key.length());
    return member;
  }

  private static byte[] decimal(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }
}
