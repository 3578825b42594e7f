package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.Swing;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;
import org.skymetrics.ui.members.MemberClient;
import org.skymetrics.ui.members.Reply;
import org.skymetrics.ui.query.Answer;
import org.skymetrics.ui.query.Origins;
import org.skymetrics.ui.query.Origins.Origin;
import org.skymetrics.ui.query.Point;
import org.skymetrics.ui.query.QueryEngine;
import org.skymetrics.ui.query.Range;
import org.skymetrics.ui.query.TimeText;

/**
 * {@code /api/explain}: what one step is made of: which servers counted how much of it, what became
 * of the packets of that time, and what was lost or refused elsewhere.
 */
final class ExplainEndpoint implements Endpoint {
  private static final int MAX_SERIES = 20;

  /** What is lost outside of packets, as clients and servers count it themselves. */
  private static final List<Series> LOSSES =
      Stream.of(
              "client|counts_ambiguous",
              "client|folded_late",
              "client|over_limit",
              "client|refused_no_key",
              "client|refused_long_key",
              "client|refused_control_character",
              "client|refused_empty_segment",
              "client|refused_not_unicode",
              "client|refused_not_finite",
              "client|refused_scope",
              "server|kernel_drops",
              "server|late_counts",
              "server|overflow_records",
              "server|text_packets_not_allowed",
              "server|text_packets_cut",
              "server|text_too_long",
              "server|text_bad_text",
              "server|text_no_value",
              "server|text_bad_name",
              "server|text_bad_value",
              "server|text_bad_type",
              "server|text_bad_rate",
              "server|text_bad_tag",
              "server|text_bad_timestamp",
              "server|text_bad_event",
              "server|text_late",
              "server|text_not_supported",
              "server|text_no_room",
              "server|text_not_terminated")
          .map(name -> new Series(Key.of("sky>" + name), Kind.COUNTER))
          .toList();

  private final Period period;
  private final MemberClient members;
  private final QueryEngine engine;
  private final Origins origins;
  private final Workers workers;
  private final Clock clock;
  private final Counters counters;

  ExplainEndpoint(
      Period period,
      MemberClient members,
      QueryEngine engine,
      Origins origins,
      Workers workers,
      Clock clock,
      Counters counters) {
    this.period = period;
    this.members = members;
    this.engine = engine;
    this.origins = origins;
    this.workers = workers;
    this.clock = clock;
    this.counters = counters;
  }

  @Override
  public String path() {
    return "/api/explain";
  }

  @Override
  public Set<String> parameters() {
    return Set.of("series", "time", "resolution");
  }

  @Override
  public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
    long nowMs = clock.wallMs();
    Range range = step(parameters, nowMs);
    List<Series> asked = asked(parameters);
    Set<Series> all = new LinkedHashSet<>(asked);
    all.addAll(Packets.SERIES);
    all.addAll(LOSSES);
    Parameters.read(
        () -> {
          engine.requireReasonable(all, all.size(), range);
          return true;
        });
    // Both at once: who the members are, and what they have that history may lack.
    Future<List<Reply<JsonNode>>> statuses = members.status();
    return members
        .batches(List.copyOf(all), range.startMs(), range.endMs())
        .compose(
            replies ->
                statuses.compose(
                    who ->
                        workers.run(
                            () -> explain(new Question(asked, all, range, nowMs), replies, who))));
  }

  private record Question(List<Series> asked, Set<Series> all, Range range, long nowMs) {}

  private Range step(Parameters parameters, long nowMs) {
    String time = parameters.one("time");
    if (time == null) {
      throw new HttpFault(400, "time is missing; give a moment of the step to be explained");
    }
    long atMs = Parameters.read(() -> TimeText.instantMs("time", time, nowMs));
    String resolution = parameters.one("resolution");
    long stepMs =
        resolution == null
            ? period.lengthMs()
            : Parameters.read(() -> TimeText.durationMs("resolution", resolution));
    return Parameters.read(() -> Range.at(atMs, atMs + 1, stepMs, period));
  }

  private static List<Series> asked(Parameters parameters) {
    List<Series> series = parameters.has("series") ? SeriesText.parse(parameters) : List.of();
    if (series.size() > MAX_SERIES) {
      throw new HttpFault(
          400, "at most " + MAX_SERIES + " series are explained at once, not " + series.size());
    }
    return series;
  }

  private Answered explain(
      Question question, List<Reply<List<Batch>>> replies, List<Reply<JsonNode>> who) {
    Set<String> partial = new LinkedHashSet<>();
    List<String> missing = new ArrayList<>();
    List<Batch> batches = SeriesEndpoint.good(replies, missing);
    partial.addAll(missing);
    Answer answer = engine.answer(List.copyOf(question.all()), question.range(), batches);
    partial.addAll(answer.damaged());
    List<Origin> servers =
        origins.isShort(question.range())
            ? origins.of(question.all(), question.range(), batches, partial)
            : null;
    if (!partial.isEmpty()) {
      counters.count(UiCounter.PARTIAL_ANSWERS);
    }
    return Answered.json(
            Json.bytes(
                out -> write(out, question, answer, servers, names(who), List.copyOf(partial))))
        .with("Cache-Control", "no-store");
  }

  /** The names of members by the incarnations of their journals, as they tell them. */
  private static Map<String, String> names(List<Reply<JsonNode>> replies) {
    Map<String, String> names = new HashMap<>();
    for (Reply<JsonNode> reply : replies) {
      JsonNode status = reply.value();
      if (status != null) {
        names.put(status.path("incarnation").asText(), reply.member().name());
      }
    }
    return names;
  }

  private void write(
      JsonGenerator out,
      Question question,
      Answer answer,
      @Nullable List<Origin> servers,
      Map<String, String> names,
      List<String> partial)
      throws IOException {
    Map<Series, Point> points = new HashMap<>();
    for (Answer.Line line : answer.lines()) {
      if (!line.points().isEmpty()) {
        points.put(line.series(), line.points().get(0));
      }
    }
    out.writeStartObject();
    out.writeNumberField("from", question.range().startMs() / 1000);
    out.writeNumberField("to", question.range().endMs() / 1000);
    out.writeNumberField("resolution", question.range().stepMs() / 1000);
    out.writeNumberField("period", period.lengthMs() / 1000);
    out.writeNumberField("now", question.nowMs() / 1000);
    SeriesJson.writePartial(out, partial);
    writeSeries(out, question.asked(), points);
    Map<Series, Cell> cells = new HashMap<>();
    points.forEach((series, point) -> cells.put(series, point.cell()));
    writePackets(out, cells);
    writeLosses(out, cells);
    writeServers(out, question, points.keySet(), servers, names);
    out.writeEndObject();
  }

  private static void writeSeries(
      JsonGenerator out, Collection<Series> asked, Map<Series, Point> points) throws IOException {
    out.writeArrayFieldStart("series");
    for (Series series : asked) {
      out.writeStartObject();
      SeriesJson.writeSeries(out, series);
      out.writeFieldName("point");
      Point point = points.get(series);
      if (point == null) {
        out.writeNull();
      } else {
        out.writeStartObject();
        SeriesJson.writePoint(out, point, false);
        out.writeEndObject();
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writePackets(JsonGenerator out, Map<Series, Cell> cells) throws IOException {
    Packets packets = new Packets();
    for (Series series : Packets.SERIES) {
      Cell cell = cells.get(series);
      if (cell != null) {
        packets.add(series.key(), cell);
      }
    }
    out.writeObjectFieldStart("packets");
    packets.write(out);
    out.writeEndObject();
  }

  private static void writeLosses(JsonGenerator out, Map<Series, Cell> cells) throws IOException {
    out.writeObjectFieldStart("losses");
    for (Series series : LOSSES) {
      if (cells.get(series) instanceof CounterCell counter && counter.sum() != 0) {
        out.writeNumberField(series.key().toString(), counter.sum());
      }
    }
    out.writeEndObject();
  }

  private void writeServers(
      JsonGenerator out,
      Question question,
      Set<Series> present,
      @Nullable List<Origin> servers,
      Map<String, String> names)
      throws IOException {
    if (servers == null) {
      out.writeNullField("servers");
      return;
    }
    out.writeArrayFieldStart("servers");
    for (Origin origin : servers) {
      String incarnation = HexFormat.of().toHexDigits(origin.incarnation());
      out.writeStartObject();
      out.writeStringField("incarnation", incarnation);
      out.writeStringField("name", names.get(incarnation));
      out.writeObjectFieldStart("batches");
      for (Origins.Place place : Origins.Place.values()) {
        out.writeNumberField(
            place.name().toLowerCase(Locale.ROOT), origin.batches().getOrDefault(place, 0));
      }
      out.writeEndObject();
      Map<Series, Point> points = new HashMap<>();
      origin
          .cells()
          .forEach(
              (series, cell) -> {
                // What was deleted since is in no point of the whole, and in none of a server.
                if (present.contains(series)) {
                  points.put(
                      series, new Point(question.range().startMs(), new Swing(), cell, false));
                }
              });
      writeSeries(out, question.asked(), points);
      writePackets(out, origin.cells());
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
