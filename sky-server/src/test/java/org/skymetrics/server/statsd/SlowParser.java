package org.skymetrics.server.statsd;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.skymetrics.common.key.Key;

/**
 * The rules once more, with strings and regular expressions: slow and plain, to compare with.
 * Metric lines of valid text only.
 */
final class SlowParser {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
  private static final Pattern WHOLE = Pattern.compile("[+-]?0*[0-9]{1,18}\\.?([eE][+-]?0+)?");

  private SlowParser() {}

  static List<String> parse(Dialect dialect, String datagram) {
    List<String> said = new ArrayList<>();
    for (String raw : datagram.split("\n", -1)) {
      String line = raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw;
      if (!line.isEmpty()) {
        said.addAll(line(dialect, line));
      }
    }
    return said;
  }

  private static List<String> line(Dialect dialect, String line) {
    if (line.chars().anyMatch(Character::isISOControl)) {
      return List.of("refused BAD_TEXT");
    }
    int colon = line.indexOf(':');
    if (colon < 0) {
      return List.of("refused NO_VALUE");
    }
    String[] fields = line.substring(colon + 1).split("\\|", -1);
    String type = fields.length < 2 ? "" : fields[1];
    if (!List.of("c", "g", "ms", "h", "d", "s").contains(type)) {
      return List.of("refused BAD_TYPE");
    }
    double rate = 1;
    String tags = "";
    String time = "";
    int unknown = 0;
    for (int i = 2; i < fields.length; i++) {
      String field = fields[i];
      if (field.startsWith("@")) {
        if (!NUMBER.matcher(field.substring(1)).matches()) {
          return List.of("refused BAD_RATE");
        }
        rate = Double.parseDouble(field.substring(1));
        if (!(rate >= 1e-6 && rate <= 1)) {
          return List.of("refused BAD_RATE");
        }
      } else if (field.startsWith("#")) {
        tags = field.substring(1);
      } else if (field.startsWith("T")) {
        String seconds = field.substring(1);
        if (!(type.equals("c") || type.equals("g"))
            || !seconds.matches("0*[1-9][0-9]{0,17}\\.?([eE][+-]?0+)?")) {
          return List.of("refused BAD_TIMESTAMP");
        }
        time = "@" + new BigDecimal(seconds).longValueExact();
      } else if (!field.isEmpty() && !field.matches("(c|e|card):.*")) {
        unknown++;
      }
    }
    List<String> said = new ArrayList<>();
    String name = line.substring(0, colon);
    TreeSet<String> sorted = new TreeSet<>();
    String[] graphite = name.split(";", -1);
    for (int i = 1; i < graphite.length; i++) {
      sorted.add(graphite[i].replaceFirst("=", ":"));
    }
    sorted.addAll(List.of(tags.split(",", -1)));
    sorted.remove("");
    String key =
        graphite[0]
            + (sorted.isEmpty()
                ? ""
                : "|"
                    + String.join(
                        ",",
                        sorted.stream()
                            .map(t -> t.replaceAll("[|>]", "_"))
                            .sorted()
                            .distinct()
                            .toList()));
    if (type.equals("s")) {
      if (fields[0].isEmpty()) {
        return List.of("refused BAD_VALUE");
      }
      said.add(key + " has " + fields[0]);
    } else {
      for (String value : fields[0].split(":", -1)) {
        if (value.isEmpty()) {
          continue;
        }
        if (!NUMBER.matcher(value).matches()
            || Double.isInfinite(Double.parseDouble(value) / rate)) {
          return List.of("refused BAD_VALUE");
        }
        said.add(key + sample(dialect, type, value, rate) + time);
      }
      if (said.isEmpty()) {
        return List.of("refused BAD_VALUE");
      }
    }
    if (Key.fault(graphite[0]) != null) {
      return List.of("refused BAD_NAME");
    }
    if (Key.fault(key) != null) {
      return List.of("refused BAD_TAG");
    }
    for (int i = 0; i < unknown; i++) {
      said.add("unknown field");
    }
    return said;
  }

  private static String sample(Dialect dialect, String type, String value, double rate) {
    double v = Double.parseDouble(value);
    return switch (type) {
      case "c" ->
          "+="
              + (rate == 1 && WHOLE.matcher(value).matches()
                  ? new BigDecimal(value.replaceFirst("^[+]", "")).toBigInteger().toString()
                  : Transcript.number(v / rate));
      case "g" ->
          (dialect == Dialect.STATSD && value.matches("[+-].*") ? "~=" : ":=")
              + Transcript.number(v);
      default -> "<-" + Transcript.number(v) + (rate == 1 ? "" : "*" + Transcript.number(1 / rate));
    };
  }
}
