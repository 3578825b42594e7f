package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.batch.Series;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;
import org.skymetrics.ui.members.MemberClient;
import org.skymetrics.ui.query.Answer;
import org.skymetrics.ui.query.Point;
import org.skymetrics.ui.query.QueryEngine;
import org.skymetrics.ui.query.Range;

/**
 * {@code /api/ledger}: how many packets clients sent, and what became of them, by step and cause,
 * over all servers. It is read from series, as any others are.
 */
final class LedgerEndpoint implements Endpoint {
  private static final List<Series> SERIES = series();

  private final Period period;
  private final MemberClient members;
  private final QueryEngine engine;
  private final Workers workers;
  private final Clock clock;
  private final Counters counters;

  LedgerEndpoint(
      Period period,
      MemberClient members,
      QueryEngine engine,
      Workers workers,
      Clock clock,
      Counters counters) {
    this.period = period;
    this.members = members;
    this.engine = engine;
    this.workers = workers;
    this.clock = clock;
    this.counters = counters;
  }

  private static List<Series> series() {
    List<Series> all = new ArrayList<>();
    all.add(new Series(Outcome.SENT, Kind.COUNTER));
    for (Outcome outcome : Outcome.values()) {
      all.add(new Series(outcome.key(), Kind.COUNTER));
    }
    return List.copyOf(all);
  }

  @Override
  public String path() {
    return "/api/ledger";
  }

  @Override
  public Set<String> parameters() {
    return Set.of("from", "to", "resolution", "points");
  }

  @Override
  public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
    long nowMs = clock.wallMs();
    Range range = SeriesEndpoint.range(parameters, nowMs, period);
    Parameters.read(
        () -> {
          engine.requireReasonable(SERIES, SERIES.size(), range);
          return true;
        });
    return members
        .batches(SERIES, range.startMs(), range.endMs())
        .compose(
            replies ->
                workers.run(
                    () -> {
                      List<String> partial = new ArrayList<>();
                      Answer answer =
                          engine.answer(SERIES, range, SeriesEndpoint.good(replies, partial));
                      partial.addAll(answer.damaged());
                      if (!partial.isEmpty()) {
                        counters.count(UiCounter.PARTIAL_ANSWERS);
                      }
                      return Answered.json(Json.bytes(out -> write(out, answer, nowMs, partial)))
                          .with("Cache-Control", "no-store");
                    }));
  }

  /** The sums of one step, by key. */
  private static final class Step {
    private final Map<Key, Long> sums = new HashMap<>();
    private boolean open;

    void add(Key key, long n) {
      sums.merge(key, n, Long::sum);
    }

    long sum(Key key) {
      return sums.getOrDefault(key, 0L);
    }
  }

  private void write(JsonGenerator out, Answer answer, long nowMs, List<String> partial)
      throws IOException {
    Step totals = new Step();
    Map<Long, Step> steps = new TreeMap<>();
    for (Answer.Line line : answer.lines()) {
      Key key = line.series().key();
      for (Point point : line.points()) {
        if (point.cell() instanceof CounterCell counter) {
          Step step = steps.computeIfAbsent(point.timeMs(), t -> new Step());
          step.add(key, counter.sum());
          step.open |= point.open();
          totals.add(key, counter.sum());
        }
      }
    }
    out.writeStartObject();
    out.writeNumberField("from", answer.range().startMs() / 1000);
    out.writeNumberField("to", answer.range().endMs() / 1000);
    out.writeNumberField("resolution", answer.range().stepMs() / 1000);
    out.writeNumberField("period", period.lengthMs() / 1000);
    out.writeNumberField("now", nowMs / 1000);
    SeriesJson.writePartial(out, partial);
    out.writeObjectFieldStart("totals");
    writeSums(out, totals);
    out.writeEndObject();
    out.writeArrayFieldStart("points");
    for (Map.Entry<Long, Step> step : steps.entrySet()) {
      out.writeStartObject();
      out.writeNumberField("time", step.getKey() / 1000);
      writeSums(out, step.getValue());
      if (step.getValue().open) {
        out.writeBooleanField("open", true);
      }
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void writeSums(JsonGenerator out, Step step) throws IOException {
    out.writeNumberField("sent", step.sum(Outcome.SENT));
    for (Outcome outcome : Outcome.values()) {
      if (!outcome.isRefusal()) {
        out.writeNumberField(outcome.label(), step.sum(outcome.key()));
      }
    }
    out.writeObjectFieldStart("refused");
    for (Outcome outcome : Outcome.values()) {
      if (outcome.isRefusal() && step.sum(outcome.key()) != 0) {
        out.writeNumberField(outcome.cause(), step.sum(outcome.key()));
      }
    }
    out.writeEndObject();
  }
}
