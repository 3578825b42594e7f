package org.skymetrics.cli.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.key.KeyFault;
import org.skymetrics.store.batch.Series;

/** How lines of history are written, and read again without loss (docs/storage.md). */
public enum LineFormat {
  /** RFC 4180, with a first line that names the columns; only the key is quoted. */
  CSV {
    @Override
    String head() {
      return "time,period,kind,key," + String.join(",", CellText.FIELDS);
    }

    @Override
    String write(HistoryLine line) {
      StringBuilder text = new StringBuilder();
      text.append(line.timeMs() / 1000).append(',').append(line.periodMs() / 1000).append(',');
      text.append(line.series().kind().label()).append(",\"");
      text.append(line.series().key().toString().replace("\"", "\"\"")).append('"');
      Map<String, String> fields = CellText.fields(line.cell());
      for (String name : CellText.FIELDS) {
        text.append(',').append(fields.getOrDefault(name, ""));
      }
      return text.toString();
    }

    @Override
    HistoryLine read(String text) throws BadLineException {
      String[] head = text.split(",", 4);
      if (head.length < 4 || !head[3].startsWith("\"")) {
        throw new BadLineException("it does not begin with time,period,kind,\"key\"");
      }
      StringBuilder key = new StringBuilder();
      int at = 1;
      for (int quote = head[3].indexOf('"', at); ; quote = head[3].indexOf('"', at)) {
        if (quote < 0) {
          throw new BadLineException("the quotes around its key do not end");
        }
        key.append(head[3], at, quote);
        at = quote + 1;
        if (at >= head[3].length() || head[3].charAt(at) != '"') {
          break;
        }
        key.append('"');
        at++;
      }
      String[] values = head[3].substring(at).split(",", -1);
      if (values.length != CellText.FIELDS.size() + 1 || !values[0].isEmpty()) {
        throw new BadLineException("it has not as many columns as the first line");
      }
      Map<String, String> fields = new LinkedHashMap<>();
      for (int i = 1; i < values.length; i++) {
        if (!values[i].isEmpty()) {
          fields.put(CellText.FIELDS.get(i - 1), values[i]);
        }
      }
      return line(head[0], head[1], head[2], key.toString(), fields);
    }
  },

  /** A JSON object a line. */
  JSONL {
    @Override
    String head() {
      return "";
    }

    @Override
    String write(HistoryLine line) {
      ObjectNode node = JSON.createObjectNode();
      node.put("time", line.timeMs() / 1000);
      node.put("period", line.periodMs() / 1000);
      node.put("kind", line.series().kind().label());
      node.put("key", line.series().key().toString());
      CellText.fields(line.cell()).forEach((name, value) -> put(node, name, value));
      return node.toString();
    }

    private void put(ObjectNode node, String name, String value) {
      if (STRINGS.contains(name)) {
        node.put(name, value);
      } else if (value.indexOf('.') < 0) {
        node.put(name, Long.parseLong(value));
      } else {
        node.put(name, Double.parseDouble(value));
      }
    }

    @Override
    HistoryLine read(String text) throws BadLineException {
      JsonNode node;
      try {
        node = JSON.readTree(text);
      } catch (JsonProcessingException e) {
        throw new BadLineException("it is not JSON: " + e.getOriginalMessage(), e);
      }
      if (!node.isObject()) {
        throw new BadLineException("it is not a JSON object");
      }
      Map<String, String> fields = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        if (!field.getValue().isValueNode()) {
          throw new BadLineException(field.getKey() + " is neither a number nor a string");
        }
        fields.put(field.getKey(), field.getValue().asText());
      }
      return line(
          take(fields, "time"),
          take(fields, "period"),
          take(fields, "kind"),
          take(fields, "key"),
          fields);
    }
  };

  private static final Set<String> STRINGS = Set.of("lane", "sequence", "buckets", "stored");
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** The line before all others; empty where there is none. */
  abstract String head();

  abstract String write(HistoryLine line);

  abstract HistoryLine read(String text) throws BadLineException;

  /**
   * The format of a file with this first line.
   *
   * @throws BadLineException where it is of none
   */
  static LineFormat of(String firstLine) throws BadLineException {
    if (firstLine.startsWith("{")) {
      return JSONL;
    }
    if (firstLine.equals(CSV.head())) {
      return CSV;
    }
    throw new BadLineException(
        "the file begins neither with a JSON object nor with the line " + CSV.head());
  }

  private static String take(Map<String, String> fields, String name) throws BadLineException {
    String value = fields.remove(name);
    if (value == null) {
      throw new BadLineException("it has no " + name);
    }
    return value;
  }

  private static HistoryLine line(
      String time, String period, String kindLabel, String key, Map<String, String> fields)
      throws BadLineException {
    Kind kind = Kind.byLabel(kindLabel);
    if (kind == null) {
      throw new BadLineException("there is no kind \"" + kindLabel + "\"");
    }
    KeyFault fault = Key.fault(key);
    if (fault != null) {
      throw new BadLineException("its key is not one: " + fault.description());
    }
    long timeMs = seconds("time", time);
    long periodMs = seconds("period", period);
    if (periodMs == 0 || timeMs % periodMs != 0) {
      throw new BadLineException(
          "time " + time + " is not the start of a period of " + period + " s");
    }
    return new HistoryLine(
        timeMs, periodMs, new Series(Key.of(key), kind), CellText.cell(kind, fields));
  }

  private static long seconds(String name, String text) throws BadLineException {
    if (!text.matches("[0-9]{1,11}")) {
      throw new BadLineException(name + " is whole seconds, not \"" + text + "\"");
    }
    return Long.parseLong(text) * 1000;
  }
}
