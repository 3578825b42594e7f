package org.skymetrics.rollup;

import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.Catalog.Files;
import org.skymetrics.store.chunk.ChunkPlace;
import org.skymetrics.store.chunk.Span;

/**
 * Into how many parts the files of a span go: so many that one has about {@link #PART_BYTES}, by
 * what a point takes. Parts of a day are never fewer than those of its hours, nor are those of a
 * month's hours fewer than those of its days: so each file is made from one part of each below it.
 */
final class Parts {
  private static final int PART_BYTES = 48 * 1024;
  private static final double BYTES_OF_A_PERIOD = 1.2;
  private static final double BYTES_OF_AN_HOUR = 8;

  private Parts() {}

  /** The log2 of the number of parts to make the files of a span in. */
  static int log2(Span span, long startMs, long periodMs, int series, Catalog catalog) {
    Files present = catalog.files(span).get(startMs);
    if (present != null) {
      return present.log2Parts();
    }
    double lengthMs = span.endOf(startMs) - startMs;
    return switch (span) {
      case HOUR -> {
        Files day = catalog.files(Span.DAY).get(Span.DAY.startOf(startMs));
        // What has gone into the day's files comes back in its parts.
        yield day != null
            ? day.log2Parts()
            : forBytes(series * BYTES_OF_A_PERIOD * (lengthMs / periodMs));
      }
      case DAY -> {
        int least = most(catalog, Span.HOUR, startMs, span.endOf(startMs));
        Files month = catalog.files(Span.MONTH).get(Span.MONTH.startOf(startMs));
        int wanted = forBytes(series * BYTES_OF_A_PERIOD * (lengthMs / periodMs));
        int limit =
            month == null
                ? ChunkPlace.MAX_LOG2_PARTS
                : Math.max(least, month.log2Parts() + ChunkPlace.DAY_HOURS_FEWER);
        yield Math.max(least, Math.min(wanted, limit));
      }
      case MONTH ->
          Math.max(
              dayHours(most(catalog, Span.DAY, startMs, span.endOf(startMs))),
              forBytes(series * BYTES_OF_AN_HOUR * (lengthMs / Span.HOUR_MS)));
    };
  }

  /** The log2 parts of a day's files of 1 h, of those of its periods. */
  static int dayHours(int log2OfDay) {
    return ChunkPlace.log2Parts(Span.DAY, Span.HOUR_MS, log2OfDay);
  }

  /** The log2 parts of a month's files of 1 d, of those of its hours. */
  static int monthDays(int log2OfMonth) {
    return ChunkPlace.log2Parts(Span.MONTH, Span.DAY_MS, log2OfMonth);
  }

  private static int most(Catalog catalog, Span span, long fromMs, long toMs) {
    return catalog.files(span).subMap(fromMs, toMs).values().stream()
        .mapToInt(Files::log2Parts)
        .max()
        .orElse(0);
  }

  private static int forBytes(double bytes) {
    int log2 = 0;
    while (log2 < ChunkPlace.MAX_LOG2_PARTS && bytes / (1 << log2) > PART_BYTES) {
      log2++;
    }
    return log2;
  }
}
