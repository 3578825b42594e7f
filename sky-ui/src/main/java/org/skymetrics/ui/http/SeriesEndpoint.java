package org.skymetrics.ui.http;

import com.google.common.base.Splitter;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;
import org.skymetrics.ui.keys.KeyFeed;
import org.skymetrics.ui.keys.KeyIndex;
import org.skymetrics.ui.members.MemberClient;
import org.skymetrics.ui.members.Reply;
import org.skymetrics.ui.query.Answer;
import org.skymetrics.ui.query.QueryEngine;
import org.skymetrics.ui.query.Range;
import org.skymetrics.ui.query.TimeText;

/**
 * {@code /api/series}: the points of some series, or the sum of all that match, over a range. The
 * members are asked first, and the stores only when all have answered or their time is over.
 */
final class SeriesEndpoint implements Endpoint {
  private static final Splitter COMMAS = Splitter.on(',').trimResults();
  private static final int DEFAULT_POINTS = 1000;
  private static final int MAX_POINTS_WITH_BUCKETS = 20_000;

  private final Period period;
  private final MemberClient members;
  private final KeyIndex index;
  private final KeyFeed feed;
  private final QueryEngine engine;
  private final Workers workers;
  private final Clock clock;
  private final Counters counters;

  SeriesEndpoint(
      Period period,
      MemberClient members,
      KeyIndex index,
      KeyFeed feed,
      QueryEngine engine,
      Workers workers,
      Clock clock,
      Counters counters) {
    this.period = period;
    this.members = members;
    this.index = index;
    this.feed = feed;
    this.engine = engine;
    this.workers = workers;
    this.clock = clock;
    this.counters = counters;
  }

  @Override
  public String path() {
    return "/api/series";
  }

  @Override
  public Set<String> parameters() {
    Set<String> all =
        new HashSet<>(Set.of("from", "to", "resolution", "points", "buckets", "format"));
    all.addAll(Selection.PARAMETERS);
    return all;
  }

  @Override
  public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
    long nowMs = clock.wallMs();
    Range range = range(parameters, nowMs, period);
    boolean buckets = parameters.word("buckets", List.of("true", "false"), "false").equals("true");
    boolean csv = isCsv(parameters, request);
    String ifNoneMatch = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    return select(parameters)
        .compose(
            selection -> {
              requireReasonable(selection, range, buckets);
              return members
                  .batches(selection.series(), range.startMs(), range.endMs())
                  .compose(
                      replies ->
                          workers.run(
                              () -> {
                                List<String> partial = missingKeys(parameters);
                                Answer answer =
                                    selection.read(engine, range, good(replies, partial));
                                partial.addAll(answer.damaged());
                                if (!partial.isEmpty()) {
                                  counters.count(UiCounter.PARTIAL_ANSWERS);
                                }
                                return write(
                                    answer, selection, csv, buckets, nowMs, partial, ifNoneMatch);
                              }));
            });
  }

  private Future<Selection> select(Parameters parameters) {
    return Selection.isMatch(parameters)
        ? workers.run(() -> Selection.of(parameters, index))
        : Future.succeededFuture(Selection.of(parameters, index));
  }

  /** What matches a pattern is only known as far as the keys are. */
  private List<String> missingKeys(Parameters parameters) {
    return Selection.isMatch(parameters) ? new ArrayList<>(feed.missing()) : new ArrayList<>();
  }

  /** The batches of those that answered; the others are named. */
  static List<Batch> good(List<Reply<List<Batch>>> replies, List<String> partial) {
    List<Batch> batches = new ArrayList<>();
    for (Reply<List<Batch>> reply : replies) {
      List<Batch> value = reply.value();
      if (value == null) {
        partial.add(reply.describeFault());
      } else {
        batches.addAll(value);
      }
    }
    return batches;
  }

  /** What {@code from}, {@code to}, and {@code resolution} or {@code points} ask for. */
  static Range range(Parameters parameters, long nowMs, Period period) {
    long fromMs =
        Parameters.read(() -> TimeText.instantMs("from", parameters.one("from", "-1h"), nowMs));
    long toMs = Parameters.read(() -> TimeText.instantMs("to", parameters.one("to", "now"), nowMs));
    String resolution = parameters.one("resolution");
    if (resolution == null) {
      int points = parameters.number("points", 1, Range.MAX_POINTS, DEFAULT_POINTS);
      return Parameters.read(() -> Range.ofAtMost(fromMs, toMs, points, period));
    }
    if (parameters.has("points")) {
      throw new HttpFault(400, "give either resolution or points, not both");
    }
    return Parameters.read(
        () -> Range.at(fromMs, toMs, TimeText.durationMs("resolution", resolution), period));
  }

  private void requireReasonable(Selection selection, Range range, boolean buckets) {
    Parameters.read(
        () -> {
          engine.requireReasonable(selection.series(), selection.lines(), range);
          return true;
        });
    if (buckets && selection.lines() * range.steps() > MAX_POINTS_WITH_BUCKETS) {
      throw new HttpFault(
          400,
          "with buckets=true at most "
              + MAX_POINTS_WITH_BUCKETS
              + " points are given at once; ask for fewer series or a coarser resolution");
    }
  }

  private static boolean isCsv(Parameters parameters, HttpServerRequest request) {
    if (parameters.has("format")) {
      return parameters.word("format", List.of("json", "csv"), "json").equals("csv");
    }
    String accept = request.getHeader(HttpHeaders.ACCEPT);
    if (accept == null) {
      return false;
    }
    for (String type : COMMAS.split(accept.toLowerCase(Locale.ROOT))) {
      String name = type.replaceFirst(";.*", "").strip();
      if (name.equals("text/csv")) {
        return true;
      }
      if (name.equals("application/json") || name.equals("*/*")) {
        return false;
      }
    }
    return false;
  }

  private Answered write(
      Answer answer,
      Selection selection,
      boolean csv,
      boolean buckets,
      long nowMs,
      List<String> partial,
      @Nullable String ifNoneMatch) {
    byte[] lines = csv ? SeriesCsv.lines(answer) : SeriesJson.lines(answer, buckets);
    Answered answered =
        csv
            ? Answered.of(200, Answered.CSV, lines)
            : Answered.json(
                SeriesJson.answer(answer, selection, lines, period.lengthMs(), nowMs, partial));
    answered = answered.with("Vary", "Accept");
    if (csv && !partial.isEmpty()) {
      answered = answered.with("Sky-Partial", asHeader(partial));
    }
    if (!isClosed(answer, nowMs) || !partial.isEmpty()) {
      return answered.with("Cache-Control", "no-store");
    }
    String etag = etag(answer.range(), lines);
    if (matches(ifNoneMatch, etag)) {
      answered = Answered.of(304, answered.contentType(), new byte[0]).with("Vary", "Accept");
    }
    return answered.with("ETag", etag).with("Cache-Control", "no-cache");
  }

  /** Whether nothing but a late batch can change it; and then its tag changes too. */
  private boolean isClosed(Answer answer, long nowMs) {
    return answer.range().endMs() <= nowMs - 2 * period.lengthMs() && answer.isFromHistory();
  }

  /** Weak: the same points at another {@code now} are the same answer. */
  private static String etag(Range range, byte[] lines) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(range.toString().getBytes(StandardCharsets.UTF_8));
      return "W/\"" + HexFormat.of().formatHex(digest.digest(lines), 0, 16) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static boolean matches(@Nullable String ifNoneMatch, String etag) {
    if (ifNoneMatch == null) {
      return false;
    }
    String opaque = etag.substring(2);
    for (String wanted : COMMAS.split(ifNoneMatch)) {
      if (wanted.equals("*") || wanted.equals(etag) || wanted.equals(opaque)) {
        return true;
      }
    }
    return false;
  }

  private static String asHeader(List<String> partial) {
    return String.join("; ", partial).replaceAll("[^\\x20-\\x7e]", "?");
  }
}
