package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

/** {@code /api/latest}: the newest point of each series, the running period included. */
final class LatestEndpoint implements Endpoint {
  private static final int PERIODS = 10;

  private final Period period;
  private final MemberClient members;
  private final QueryEngine engine;
  private final Workers workers;
  private final Clock clock;
  private final Counters counters;

  LatestEndpoint(
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

  @Override
  public String path() {
    return "/api/latest";
  }

  @Override
  public Set<String> parameters() {
    return Set.of("series");
  }

  @Override
  public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
    List<Series> series = SeriesText.parse(parameters);
    long nowMs = clock.wallMs();
    long endMs = period.startOf(nowMs) + period.lengthMs();
    Range range = new Range(endMs - PERIODS * period.lengthMs(), endMs, period.lengthMs());
    return members
        .batches(series, range.startMs(), range.endMs())
        .compose(
            replies ->
                workers.run(
                    () -> {
                      List<String> partial = new ArrayList<>();
                      Answer answer =
                          engine.answer(series, range, SeriesEndpoint.good(replies, partial));
                      partial.addAll(answer.damaged());
                      if (!partial.isEmpty()) {
                        counters.count(UiCounter.PARTIAL_ANSWERS);
                      }
                      return Answered.json(Json.bytes(out -> write(out, answer, nowMs, partial)))
                          .with("Cache-Control", "no-store");
                    }));
  }

  private static void write(JsonGenerator out, Answer answer, long nowMs, List<String> partial)
      throws IOException {
    out.writeStartObject();
    out.writeNumberField("now", nowMs / 1000);
    SeriesJson.writePartial(out, partial);
    out.writeArrayFieldStart("series");
    for (Answer.Line line : answer.lines()) {
      out.writeStartObject();
      SeriesJson.writeSeries(out, line);
      out.writeFieldName("point");
      if (line.points().isEmpty()) {
        out.writeNull();
      } else {
        Point newest = line.points().get(line.points().size() - 1);
        out.writeStartObject();
        SeriesJson.writePoint(out, newest, false);
        out.writeEndObject();
      }
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}
