package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.key.KeyPattern;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;
import org.skymetrics.ui.keys.KeyIndex;
import org.skymetrics.ui.keys.KeyMatches;
import org.skymetrics.ui.query.Answer;
import org.skymetrics.ui.query.QueryEngine;
import org.skymetrics.ui.query.Range;

/**
 * Which series a request is about, and what of them: named one by one, or all that match a pattern,
 * and then their sum, each of them, or the greatest.
 */
final class Selection {
  static final Set<String> PARAMETERS = Set.of("series", "match", "as", "n", "maxSeries");

  /** As many series at most may match. */
  static final int MAX_SERIES = 5000;

  private static final int DEFAULT_MAX_SERIES = 1000;
  private static final int MAX_TOP = 100;
  private static final int DEFAULT_TOP = 10;

  private final List<Series> series;
  private final @Nullable Series pattern;
  private final String as;
  private final int n;

  private Selection(List<Series> series, @Nullable Series pattern, String as, int n) {
    this.series = List.copyOf(series);
    this.pattern = pattern;
    this.as = as;
    this.n = n;
  }

  /** Whether the request is for all that match, which takes a walk through the index. */
  static boolean isMatch(Parameters parameters) {
    return parameters.has("match");
  }

  /**
   * What a request names.
   *
   * @throws HttpFault 400 where it is malformed, or matches too many
   */
  static Selection of(Parameters parameters, KeyIndex index) {
    if (isMatch(parameters)) {
      return matching(parameters, index);
    }
    for (String name : List.of("as", "n", "maxSeries")) {
      if (parameters.has(name)) {
        throw new HttpFault(400, name + " goes with match, not with series");
      }
    }
    return new Selection(SeriesText.parse(parameters), null, "list", 0);
  }

  private static Selection matching(Parameters parameters, KeyIndex index) {
    if (parameters.has("series")) {
      throw new HttpFault(400, "give either series or match, not both");
    }
    String as = parameters.word("as", List.of("sum", "list", "top"), "sum");
    if (parameters.has("n") && !as.equals("top")) {
      throw new HttpFault(400, "n goes with as=top");
    }
    int n = parameters.number("n", 1, MAX_TOP, DEFAULT_TOP);
    int max = parameters.number("maxSeries", 1, MAX_SERIES, DEFAULT_MAX_SERIES);
    Series pattern = SeriesText.parse("match", parameters.one("match", ""));
    KeyMatches found =
        Parameters.read(
            () -> index.match(KeyPattern.of(pattern.key().toString()), pattern.kind(), max));
    if (found.matched() > max) {
      throw new HttpFault(
          400,
          SeriesText.of(pattern)
              + " matches "
              + found.matched()
              + " series, and at most "
              + max
              + " are read; write a narrower pattern, or "
              + (found.matched() <= MAX_SERIES
                  ? "maxSeries=" + found.matched()
                  : "ask for parts of it: maxSeries is at most " + MAX_SERIES));
    }
    List<Series> series =
        found.keys().stream().map(entry -> new Series(entry.key(), pattern.kind())).toList();
    return new Selection(series, pattern, as, n);
  }

  /** All series that are read. */
  List<Series> series() {
    return series;
  }

  /** How many lines of points the answer has at most. */
  int lines() {
    return switch (as) {
      case "sum" -> 1;
      case "top" -> Math.min(n, series.size());
      default -> series.size();
    };
  }

  Answer read(QueryEngine engine, Range range, Collection<Batch> fromMembers) {
    Series name = pattern;
    if (name != null && as.equals("sum")) {
      return engine.sum(name, series, range, fromMembers);
    }
    return as.equals("top")
        ? engine.top(n, series, range, fromMembers)
        : engine.answer(series, range, fromMembers);
  }

  /** Writes the field {@code match}, where a pattern was asked for. */
  void writeMatch(JsonGenerator out) throws IOException {
    Series asked = pattern;
    if (asked != null) {
      out.writeObjectFieldStart("match");
      out.writeStringField("pattern", asked.key().toString());
      out.writeStringField("kind", asked.kind().label());
      out.writeStringField("as", as);
      out.writeNumberField("matched", series.size());
      out.writeEndObject();
    }
  }
}
