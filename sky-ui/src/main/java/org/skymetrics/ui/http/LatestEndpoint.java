package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;
import org.skymetrics.ui.keys.KeyEntry;
import org.skymetrics.ui.keys.KeyIndex;
import org.skymetrics.ui.members.MemberClient;
import org.skymetrics.ui.query.Answer;
import org.skymetrics.ui.query.Point;
import org.skymetrics.ui.query.QueryEngine;
import org.skymetrics.ui.query.Range;
import org.skymetrics.ui.query.TimeText;

/**
 * {@code /api/latest}: the newest point of each series, the running period included: of those that
 * are named, or of all keys that a member owns, a page at a time.
 */
final class LatestEndpoint implements Endpoint {
  private static final int PERIODS = 10;

  /** Most series have their newest point in the running period, nearly all others in the last. */
  private static final int[] PERIODS_BACK = {1, 2, PERIODS};

  private static final int MAX_OF_MEMBER = 1_000;

  private final Period period;
  private final MemberClient members;
  private final QueryEngine engine;
  private final Workers workers;
  private final Clock clock;
  private final Counters counters;
  private final KeyIndex index;
  private final Duration live;

  LatestEndpoint(
      Period period,
      MemberClient members,
      QueryEngine engine,
      Workers workers,
      Clock clock,
      Counters counters,
      KeyIndex index,
      Duration live) {
    this.period = period;
    this.members = members;
    this.engine = engine;
    this.workers = workers;
    this.clock = clock;
    this.counters = counters;
    this.index = index;
    this.live = live;
  }

  @Override
  public String path() {
    return "/api/latest";
  }

  @Override
  public Set<String> parameters() {
    return Set.of("series", "member", "after", "limit");
  }

  @Override
  public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
    if (parameters.has("member")) {
      return ofMember(parameters);
    }
    for (String name : List.of("after", "limit")) {
      if (parameters.has(name)) {
        throw new HttpFault(400, name + " goes with member, whose keys are told in order");
      }
    }
    return answer(SeriesText.parse(parameters), null);
  }

  /** The keys that the ring gives to one member, some at a time. */
  private Future<Answered> ofMember(Parameters parameters) {
    if (parameters.has("series")) {
      throw new HttpFault(400, "give either series or member, not both");
    }
    String name = parameters.one("member", "");
    Ring ring = members.list().ring();
    int owner = ring.members().stream().map(Member::name).toList().indexOf(name);
    if (owner < 0) {
      throw new HttpFault(404, "the ring has no member " + TimeText.shown(name));
    }
    int limit = parameters.number("limit", 1, MAX_OF_MEMBER, SeriesText.MAX_SERIES);
    String after = parameters.one("after", "");
    Key from = after.isEmpty() ? null : Parameters.read(() -> Key.of(after));
    long sinceMs = clock.wallMs() - live.toMillis();
    boolean ownsAll = ring.members().size() == 1;
    return workers
        .run(
            () ->
                index.walk(
                    from,
                    sinceMs,
                    limit,
                    key -> ownsAll || ring.ownerIndex(key.ringHash()) == owner))
        .compose(
            walk -> {
              List<Series> series = new ArrayList<>();
              for (KeyEntry entry : walk.keys()) {
                entry.kinds().forEach(kind -> series.add(new Series(entry.key(), kind)));
              }
              return answer(series, new Page(name, walk.next()));
            });
  }

  /** Which part of a member's keys an answer has. */
  private record Page(String member, @Nullable Key next) {}

  private Future<Answered> answer(List<Series> series, @Nullable Page page) {
    long nowMs = clock.wallMs();
    long endMs = period.startOf(nowMs) + period.lengthMs();
    Range range = range(endMs, PERIODS);
    return members
        .batches(series, range.startMs(), range.endMs())
        .compose(
            replies ->
                workers.run(
                    () -> {
                      List<String> partial = new ArrayList<>();
                      Answer answer =
                          read(series, endMs, SeriesEndpoint.good(replies, partial), partial);
                      if (!partial.isEmpty()) {
                        counters.count(UiCounter.PARTIAL_ANSWERS);
                      }
                      return Answered.json(
                              Json.bytes(out -> write(out, answer, page, nowMs, partial)))
                          .with("Cache-Control", "no-store");
                    }));
  }

  private Range range(long endMs, int length) {
    return new Range(endMs - length * period.lengthMs(), endMs, period.lengthMs());
  }

  /** Reads further back only for those that have nothing nearer. */
  private Answer read(
      List<Series> series, long endMs, List<Batch> fromMembers, List<String> partial) {
    Map<Series, Answer.Line> lines = new HashMap<>();
    Set<String> damaged = new LinkedHashSet<>();
    List<Series> quiet = series;
    for (int i = 0; i < PERIODS_BACK.length && !quiet.isEmpty(); i++) {
      Answer answer = engine.answer(quiet, range(endMs, PERIODS_BACK[i]), fromMembers);
      damaged.addAll(answer.damaged());
      quiet = new ArrayList<>();
      for (Answer.Line line : answer.lines()) {
        lines.put(line.series(), line);
        if (line.points().isEmpty()) {
          quiet.add(line.series());
        }
      }
    }
    partial.addAll(damaged);
    return new Answer(
        range(endMs, PERIODS),
        series.stream().map(s -> lines.getOrDefault(s, new Answer.Line(s, List.of()))).toList(),
        partial);
  }

  private static void write(
      JsonGenerator out, Answer answer, @Nullable Page page, long nowMs, List<String> partial)
      throws IOException {
    out.writeStartObject();
    if (page != null) {
      out.writeStringField("member", page.member());
      out.writeStringField("next", page.next() == null ? null : page.next().toString());
    }
    out.writeNumberField("now", nowMs / 1000);
    SeriesJson.writePartial(out, partial);
    out.writeArrayFieldStart("series");
    for (Answer.Line line : answer.lines()) {
      out.writeStartObject();
      SeriesJson.writeSeries(out, line.series());
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
