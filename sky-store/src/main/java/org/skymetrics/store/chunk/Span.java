package org.skymetrics.store.chunk;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Period;

/** The stretch of time that one chunk file covers. All are of UTC. */
public enum Span {
  HOUR(1, "h"),
  DAY(2, "d"),
  MONTH(3, "m");

  /** Lengths of the levels, ms. */
  public static final long FIVE_MINUTES_MS = 300_000;

  public static final long HOUR_MS = 3_600_000;
  public static final long DAY_MS = 86_400_000;

  private static final LocalDate EPOCH = LocalDate.EPOCH;

  private final int id;
  private final String label;

  Span(int id, String label) {
    this.id = id;
    this.label = label;
  }

  int id() {
    return id;
  }

  String label() {
    return label;
  }

  static @Nullable Span byId(int id) {
    for (Span span : values()) {
      if (span.id == id) {
        return span;
      }
    }
    return null;
  }

  /** The start of the span that holds {@code timeMs}. */
  public long startOf(long timeMs) {
    return startOfNumber(numberOf(timeMs));
  }

  /** The end of the span that begins at {@code startMs}. */
  public long endOf(long startMs) {
    return startOfNumber(numberOf(startMs) + 1);
  }

  /** How many spans lie between 1970 and that of {@code timeMs}. */
  long numberOf(long timeMs) {
    return switch (this) {
      case HOUR -> Math.floorDiv(timeMs, HOUR_MS);
      case DAY -> Math.floorDiv(timeMs, DAY_MS);
      case MONTH -> ChronoUnit.MONTHS.between(EPOCH, day(timeMs).withDayOfMonth(1));
    };
  }

  long startOfNumber(long number) {
    return switch (this) {
      case HOUR -> number * HOUR_MS;
      case DAY -> number * DAY_MS;
      case MONTH -> EPOCH.plusMonths(number).toEpochDay() * DAY_MS;
    };
  }

  private static LocalDate day(long timeMs) {
    return Instant.ofEpochMilli(Period.floor(timeMs, DAY_MS)).atZone(ZoneOffset.UTC).toLocalDate();
  }
}
