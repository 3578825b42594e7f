package org.skymetrics.server.statsd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.skymetrics.common.key.Key;

/**
 * The rules once more, with strings and regular expressions: slow and plain, to compare with. Lines
 * of valid text only.
 */
public final class SlowParser {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
  private static final Pattern WHOLE = Pattern.compile("[+-]?0*[0-9]{1,18}\\.?([eE][+-]?0+)?");

  private SlowParser() {}

  /** What a sink is told of a datagram, a word a call, as {@link Transcript} writes it down. */
  public static List<String> parse(Dialect dialect, String datagram) {
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
    if (line.startsWith("_e{")) {
      return event(line);
    }
    if (line.startsWith("_sc|")) {
      return check(line);
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
    String[] graphite = name.split(";", -1);
    String key = key(name, tags);
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

  private static String key(String name, String tags) {
    TreeSet<String> sorted = new TreeSet<>();
    String[] graphite = name.split(";", -1);
    for (int i = 1; i < graphite.length; i++) {
      sorted.add(graphite[i].replaceFirst("=", ":"));
    }
    sorted.addAll(List.of(tags.split(",", -1)));
    sorted.remove("");
    List<String> safe =
        sorted.stream().map(t -> t.replaceAll("[|>]", "_")).sorted().distinct().toList();
    return graphite[0] + (safe.isEmpty() ? "" : "|" + String.join(",", safe));
  }

  private static final Pattern LENGTH = Pattern.compile("0*[0-9]{1,18}\\.?([eE][+-]?0+)?");
  private static final Pattern EVENT = Pattern.compile("_e\\{([^,]*),([^}]*)\\}:(.*)");

  /** What is not needed to tell one line from another is left to the other tests. */
  private static List<String> event(String line) {
    Matcher head = EVENT.matcher(line);
    if (!head.matches()
        || !LENGTH.matcher(head.group(1)).matches()
        || !LENGTH.matcher(head.group(2)).matches()) {
      return List.of("refused BAD_EVENT");
    }
    byte[] rest = head.group(3).getBytes(UTF_8);
    BigDecimal titleTo = new BigDecimal(head.group(1));
    BigDecimal textTo = titleTo.add(BigDecimal.ONE).add(new BigDecimal(head.group(2)));
    if (titleTo.signum() == 0 || textTo.compareTo(BigDecimal.valueOf(rest.length)) > 0) {
      return List.of("refused BAD_EVENT");
    }
    String title = new String(rest, 0, titleTo.intValueExact(), UTF_8);
    String text =
        new String(
            rest, titleTo.intValueExact() + 1, textTo.subtract(titleTo).intValueExact() - 1, UTF_8);
    String after =
        new String(rest, textTo.intValueExact(), rest.length - textTo.intValueExact(), UTF_8);
    Map<String, String> fields = new HashMap<>();
    List<String> said = fields(after, false, fields);
    if (said == null
        || rest[titleTo.intValueExact()] != '|'
        || !fields.getOrDefault("p", "low").matches("normal|low")
        || !fields.getOrDefault("t", "info").matches("info|warning|error|success")) {
      return List.of("refused BAD_EVENT");
    }
    said.add(
        0,
        new TextEvent(
                title.replace("\\n", "\n"),
                text.replace("\\n", "\n"),
                new BigDecimal(fields.getOrDefault("d", "0")).longValueExact(),
                fields.getOrDefault("p", "normal"),
                fields.getOrDefault("t", "info"),
                fields.getOrDefault("h", ""),
                fields.getOrDefault("k", ""),
                fields.getOrDefault("s", ""),
                fields.getOrDefault("#", ""))
            .toString());
    return said;
  }

  private static List<String> check(String line) {
    Matcher head = Pattern.compile("_sc\\|([^|]+)\\|([0-3])(\\|.*)?").matcher(line);
    if (!head.matches()) {
      return List.of("refused BAD_EVENT");
    }
    Map<String, String> fields = new HashMap<>();
    List<String> said = fields(head.group(3) == null ? "" : head.group(3), true, fields);
    if (said == null) {
      return List.of("refused BAD_EVENT");
    }
    String name = head.group(1);
    String tags = fields.getOrDefault("#", "");
    String host = fields.getOrDefault("h", "");
    String key = key(name, host.isEmpty() ? tags : tags + ",host:" + host);
    if (Key.fault(name.split(";", -1)[0]) != null || Key.fault(key) != null) {
      return List.of(
          "refused " + (Key.fault(name.split(";", -1)[0]) != null ? "BAD_NAME" : "BAD_TAG"));
    }
    said.add(
        0,
        new TextServiceCheck(
                name,
                key,
                Integer.parseInt(head.group(2)),
                new BigDecimal(fields.getOrDefault("d", "0")).longValueExact(),
                host,
                fields.getOrDefault("m", ""),
                tags)
            .toString());
    return said;
  }

  /** Reads fields that each begin with a bar; what was said of unknown ones, or null. */
  private static List<String> fields(String text, boolean check, Map<String, String> into) {
    List<String> said = new ArrayList<>();
    if (!text.isEmpty() && text.charAt(0) != '|') {
      return null;
    }
    String left = text.isEmpty() ? "" : text.substring(1);
    while (!left.isEmpty()) {
      int bar = check && left.startsWith("m:") ? -1 : left.indexOf('|');
      String field = bar < 0 ? left : left.substring(0, bar);
      left = bar < 0 ? "" : left.substring(bar + 1);
      if (field.startsWith("#")) {
        into.put("#", field.substring(1));
      } else if (field.matches("[dhkpstm]:.*")) {
        into.put(field.substring(0, 1), field.substring(2));
      } else if (!field.isEmpty() && !field.matches("[ce]:.*")) {
        said.add("unknown field");
      }
      if (field.startsWith("d:") && !isTime(field.substring(2))) {
        return null;
      }
      if (!check
          && ((field.startsWith("p:") && !field.matches("p:(normal|low)"))
              || (field.startsWith("t:") && !field.matches("t:(info|warning|error|success)")))) {
        return null;
      }
    }
    return said;
  }

  private static boolean isTime(String text) {
    return LENGTH.matcher(text).matches()
        && new BigDecimal(text).compareTo(BigDecimal.valueOf(Integer.MAX_VALUE * 100L)) <= 0;
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
