package org.skymetrics.ui.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.batch.Series;
import org.skymetrics.ui.query.TimeText;

/** A series as the API writes it: {@code counter:http_status|200}. */
final class SeriesText {
  static final int MAX_SERIES = 100;

  private SeriesText() {}

  static String of(Series series) {
    return series.kind().label() + ":" + series.key();
  }

  /** The bytes of {@link #of}, which end in those of the key. */
  static byte[] utf8(Series series) {
    byte[] head = (series.kind().label() + ":").getBytes(StandardCharsets.UTF_8);
    int keyLength = series.key().length();
    byte[] text = Arrays.copyOf(head, head.length + keyLength);
    series.key().copyTo(0, text, head.length, keyLength);
    return text;
  }

  /**
   * The series that are asked for, each once, in order.
   *
   * @throws HttpFault 400 where there is none, too many, or one that is malformed
   */
  static List<Series> parse(Parameters parameters) {
    List<String> texts = parameters.all("series");
    if (texts.isEmpty()) {
      throw new HttpFault(
          400, "series is missing; give KIND:KEY, such as series=counter:http_status|200");
    }
    Set<Series> series = new LinkedHashSet<>();
    texts.forEach(text -> series.add(parse("series", text)));
    if (series.size() > MAX_SERIES) {
      throw new HttpFault(
          400, "at most " + MAX_SERIES + " series are given at once, not " + series.size());
    }
    return new ArrayList<>(series);
  }

  /**
   * One series.
   *
   * @param name of the parameter, for the sentence
   */
  static Series parse(String name, String text) {
    int colon = text.indexOf(':');
    Kind kind = colon < 0 ? null : Kind.byLabel(text.substring(0, colon));
    if (kind == null) {
      throw new HttpFault(
          400,
          name
              + " is KIND:KEY with the kind counter, gauge or histogram, not "
              + TimeText.shown(text));
    }
    return Parameters.read(() -> new Series(Key.of(text.substring(colon + 1)), kind));
  }
}
