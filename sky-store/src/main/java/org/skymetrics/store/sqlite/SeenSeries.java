package org.skymetrics.store.sqlite;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.SeriesTable;
import org.skymetrics.store.period.Posting;

/**
 * Writes when series were seen, as one connection to the period store does. Of each shard it keeps
 * the batch that it wrote last: what that has needs no look at its row where the time is not later,
 * and a shard's batches have mostly the same series.
 *
 * <p>A connection that fails is closed, and its transaction with it; so what it wrote is there as
 * long as it is used. Rows only get later times, but where they are forgotten.
 */
final class SeenSeries {
  private static final long FORGET_EVERY_SECONDS = Duration.ofHours(1).toSeconds();

  private final Session session;
  private final Duration retention;
  private final @Nullable Written[] written;
  private long forgottenBeforeSeconds;

  SeenSeries(Session session, Duration retention, int shards) {
    this.session = session;
    this.retention = retention;
    this.written = new @Nullable Written[shards];
  }

  /** The series of a batch, and the time that their rows have at least. */
  private record Written(Batch batch, long seconds) {}

  boolean isOf(Session other) {
    return session == other;
  }

  /** Writes that the series of a posting were seen, in the transaction that is under way. */
  void mark(Posting posting) throws SQLException {
    int shard = posting.batch().place().shard();
    Written before = written[shard];
    boolean isLater = before == null || posting.seenSeconds() > before.seconds();
    try {
      write(posting, isLater ? null : before.batch().walk());
    } catch (CorruptException e) {
      throw new IllegalStateException("a posting was made of " + posting.batch(), e);
    }
    if (before == null || posting.seenSeconds() >= before.seconds()) {
      written[shard] = new Written(posting.batch(), posting.seenSeconds());
    }
    forget(posting.forgetBeforeSeconds(retention));
  }

  private void write(Posting posting, SeriesTable.@Nullable Walk known)
      throws SQLException, CorruptException {
    PreparedStatement upsert =
        session.prepare(
            "INSERT INTO seen (shard, kind, key, period) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (shard, kind, key) DO UPDATE SET period = excluded.period"
                + " WHERE excluded.period > period");
    upsert.setInt(1, posting.batch().place().shard());
    upsert.setLong(4, posting.seenSeconds());
    for (Series series : posting.series()) {
      if (known == null || !known.seek(series)) {
        upsert.setInt(2, series.kind().id());
        upsert.setBytes(3, series.key().toBytes());
        upsert.executeUpdate();
      }
    }
  }

  /** Removes series, and with them gauges, not seen since; now and then. */
  private void forget(long beforeSeconds) throws SQLException {
    if (beforeSeconds - forgottenBeforeSeconds < FORGET_EVERY_SECONDS) {
      return;
    }
    forgottenBeforeSeconds = beforeSeconds;
    for (int shard = 0; shard < written.length; shard++) {
      Written of = written[shard];
      written[shard] = of != null && of.seconds() < beforeSeconds ? null : of;
    }
    PreparedStatement seen = session.prepare("DELETE FROM seen WHERE period < ?");
    seen.setLong(1, beforeSeconds);
    if (seen.executeUpdate() > 0) {
      session.execute(
          "DELETE FROM gauge WHERE NOT EXISTS (SELECT 1 FROM seen WHERE seen.shard = gauge.shard"
              + " AND seen.kind = 2 AND seen.key = gauge.key)");
    }
  }
}
