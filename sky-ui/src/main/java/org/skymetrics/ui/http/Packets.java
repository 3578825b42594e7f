package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.store.batch.Series;

/** How many packets were sent, and what became of them: the sums of the ledger's series. */
final class Packets {
  static final List<Series> SERIES = series();

  private final Map<Key, Long> sums = new HashMap<>();

  private static List<Series> series() {
    List<Series> all = new ArrayList<>();
    all.add(new Series(Outcome.SENT, Kind.COUNTER));
    for (Outcome outcome : Outcome.values()) {
      all.add(new Series(outcome.key(), Kind.COUNTER));
    }
    return List.copyOf(all);
  }

  void add(Key key, Cell cell) {
    if (cell instanceof CounterCell counter) {
      sums.merge(key, counter.sum(), Long::sum);
    }
  }

  private long sum(Key key) {
    return sums.getOrDefault(key, 0L);
  }

  /** The fields of an object; {@code refused} names only causes that there were. */
  void write(JsonGenerator out) throws IOException {
    out.writeNumberField("sent", sum(Outcome.SENT));
    for (Outcome outcome : Outcome.values()) {
      if (!outcome.isRefusal()) {
        out.writeNumberField(outcome.label(), sum(outcome.key()));
      }
    }
    out.writeObjectFieldStart("refused");
    for (Outcome outcome : Outcome.values()) {
      if (outcome.isRefusal() && sum(outcome.key()) != 0) {
        out.writeNumberField(outcome.cause(), sum(outcome.key()));
      }
    }
    out.writeEndObject();
  }
}
