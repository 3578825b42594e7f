package org.skymetrics.client;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;

/**
 * Makes what the client lost or refused series of the ring, {@code sky>client|counts_ambiguous}:
 * what each has grown by is sent with the application's counts. These are not the application's, so
 * they count neither as accepted nor in any loss. The sender's alone.
 */
final class LossReport {
  private static final String PREFIX = "sky>client|";
  private static final Set<ClientCounter> LOSSES =
      EnumSet.of(
          ClientCounter.REFUSED_NO_KEY,
          ClientCounter.REFUSED_LONG_KEY,
          ClientCounter.REFUSED_CONTROL_CHARACTER,
          ClientCounter.REFUSED_EMPTY_SEGMENT,
          ClientCounter.REFUSED_NOT_UNICODE,
          ClientCounter.REFUSED_NOT_FINITE,
          ClientCounter.REFUSED_SCOPE,
          ClientCounter.OVER_LIMIT,
          ClientCounter.FOLDED_LATE,
          ClientCounter.COUNTS_AMBIGUOUS);

  private static final class Line {
    private final ClientCounter counter;
    private final Entry entry;
    private long reported;

    Line(ClientCounter counter) {
      this.counter = counter;
      this.entry = new Entry(keyOf(counter), Kind.COUNTER);
    }
  }

  private final Mishaps mishaps;
  private final List<Line> lines = new ArrayList<>();

  LossReport(Mishaps mishaps) {
    this.mishaps = mishaps;
    LOSSES.forEach(counter -> lines.add(new Line(counter)));
  }

  /** The series of one of them. */
  static Key keyOf(ClientCounter counter) {
    return Key.of(PREFIX + counter.name().toLowerCase(Locale.ROOT));
  }

  /** Gives what has come since the last time. */
  void take(ObjLongConsumer<Entry> growth) {
    for (Line line : lines) {
      long now = mishaps.get(line.counter);
      if (now != line.reported) {
        growth.accept(line.entry, now - line.reported);
        line.reported = now;
      }
    }
  }
}
