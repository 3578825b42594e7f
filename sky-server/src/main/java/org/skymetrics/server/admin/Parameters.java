package org.skymetrics.server.admin;

import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.key.KeyFault;
import org.skymetrics.server.aggregate.SeriesQuery;
import org.skymetrics.store.batch.Series;

/** Reads the parameters of requests. */
final class Parameters {
  private static final int MAX_SERIES = 1_000;

  private Parameters() {}

  /** The parameters {@code series}, {@code from} and {@code to}. */
  static SeriesQuery query(RoutingContext request) throws BadRequestException {
    List<Series> series = new ArrayList<>();
    for (String text : request.queryParam("series")) {
      series.add(series(text));
    }
    if (series.isEmpty() || series.size() > MAX_SERIES) {
      throw new BadRequestException(
          "1 to " + MAX_SERIES + " parameters \"series\" are wanted, not " + series.size());
    }
    return new SeriesQuery(series, number(request, "from"), number(request, "to"));
  }

  /** A parameter that is a whole number and has to be there. */
  static long number(RoutingContext request, String name) throws BadRequestException {
    List<String> values = request.queryParam(name);
    try {
      if (values.size() == 1) {
        return Long.parseLong(values.get(0));
      }
    } catch (NumberFormatException e) {
      throw wrongNumber(name, values);
    }
    throw wrongNumber(name, values);
  }

  /** A parameter that is a whole number from 1 to {@code max}, and may be left out. */
  static int number(RoutingContext request, String name, int usual, int max)
      throws BadRequestException {
    if (request.queryParam(name).isEmpty()) {
      return usual;
    }
    long value = number(request, name);
    if (value < 1 || value > max) {
      throw new BadRequestException("\"" + name + "\" is 1 to " + max + ", not " + value);
    }
    return (int) value;
  }

  private static BadRequestException wrongNumber(String name, List<String> values) {
    return new BadRequestException("\"" + name + "\" is one whole number, not " + values);
  }

  private static Series series(String text) throws BadRequestException {
    int colon = text.indexOf(':');
    Kind kind = colon < 0 ? null : Kind.byLabel(text.substring(0, colon));
    if (kind == null) {
      throw new BadRequestException(
          "a series is counter:KEY, gauge:KEY or histogram:KEY, not \"" + text + "\"");
    }
    String key = text.substring(colon + 1);
    KeyFault fault = Key.fault(key);
    if (fault != null) {
      throw new BadRequestException(fault.description() + ": \"" + text + "\"");
    }
    return new Series(Key.of(key), kind);
  }
}
