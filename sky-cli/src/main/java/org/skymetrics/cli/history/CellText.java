package org.skymetrics.cli.history;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Kind;

/**
 * The stored form of a cell (docs/storage.md) as named texts, without loss: integers in decimal,
 * doubles with as many digits as tell them apart, lane and sequence in hex. Kinds without texts of
 * their own are one field, the stored bytes in hex.
 */
final class CellText {
  /** All names of fields, in the order of the columns. */
  static final List<String> FIELDS =
      List.of(
          "sum",
          "fraction",
          "last",
          "lastMs",
          "lane",
          "sequence",
          "count",
          "min",
          "max",
          "sumSquares",
          "buckets",
          "stored");

  private static final HexFormat HEX = HexFormat.of();
  private static final int FLAG = 1;
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,19}");
  private static final Pattern DECIMAL =
      Pattern.compile("-?[0-9]{1,400}(\\.[0-9]{1,400})?([eE][-+]?[0-9]{1,3})?");
  private static final Pattern WORD = Pattern.compile("[0-9a-f]{16}");
  private static final Pattern BUCKETS =
      Pattern.compile("-?[0-9]{1,9}:[0-9]{1,19}( -?[0-9]{1,9}:[0-9]{1,19})*");

  private CellText() {}

  /** The fields of a cell. */
  static Map<String, String> fields(Cell cell) {
    ByteWriter stored = new ByteWriter(64);
    cell.store(stored);
    Map<String, String> fields = new LinkedHashMap<>();
    ByteReader in = new ByteReader(stored.toBytes());
    if (cell.kind() == Kind.COUNTER) {
      fields.put("sum", Long.toString(in.zigzag()));
      if (in.remaining() > 0) {
        fields.put("fraction", Double.toString(in.f64()));
      }
    } else if (cell.kind() == Kind.GAUGE) {
      gaugeFields(in, fields);
    } else if (cell.kind() == Kind.HISTOGRAM) {
      histogramFields(in, fields);
    } else {
      fields.put("stored", HEX.formatHex(stored.toBytes()));
    }
    return fields;
  }

  private static void gaugeFields(ByteReader in, Map<String, String> fields) {
    boolean several = (in.u8() & FLAG) != 0;
    fields.put("last", Double.toString(in.f64()));
    fields.put("lastMs", Long.toString(in.u64()));
    fields.put("lane", HEX.toHexDigits(in.u64()));
    fields.put("sequence", HEX.toHexDigits(in.u64()));
    if (several) {
      fields.put("count", Long.toString(in.varint()));
      momentFields(in, fields);
    }
  }

  private static void histogramFields(ByteReader in, Map<String, String> fields) {
    if ((in.u8() & FLAG) != 0) {
      momentFields(in, fields);
    }
    StringBuilder buckets = new StringBuilder();
    long index = 0;
    for (long n = in.varint(); n > 0; n--) {
      index += in.zigzag();
      buckets.append(buckets.length() == 0 ? "" : " ").append(index).append(':');
      buckets.append(in.varint());
    }
    if (buckets.length() > 0) {
      fields.put("buckets", buckets.toString());
    }
  }

  private static void momentFields(ByteReader in, Map<String, String> fields) {
    fields.put("min", Double.toString(in.f64()));
    fields.put("max", Double.toString(in.f64()));
    fields.put("sum", Double.toString(in.f64()));
    fields.put("sumSquares", Double.toString(in.f64()));
  }

  /**
   * The cell of these fields.
   *
   * @throws BadLineException where they are not those of a cell of this kind
   */
  static Cell cell(Kind kind, Map<String, String> fields) throws BadLineException {
    Fields in = new Fields(kind, new LinkedHashMap<>(fields));
    ByteWriter stored = new ByteWriter(64);
    if (kind == Kind.COUNTER) {
      stored.zigzag(in.integer("sum"));
      if (in.has("fraction")) {
        stored.f64(in.decimal("fraction"));
      }
    } else if (kind == Kind.GAUGE) {
      writeGauge(in, stored);
    } else if (kind == Kind.HISTOGRAM) {
      writeHistogram(in, stored);
    } else {
      stored.raw(in.bytes("stored"));
    }
    in.requireAllTaken();
    ByteReader reader = new ByteReader(stored.toBytes());
    Cell cell = Cell.load(kind, reader);
    if (cell == null || reader.remaining() > 0) {
      throw new BadLineException("these are not the fields of a " + kind.label());
    }
    return cell;
  }

  private static void writeGauge(Fields in, ByteWriter stored) throws BadLineException {
    boolean several = in.has("count");
    stored.u8(several ? FLAG : 0).f64(in.decimal("last")).u64(in.integer("lastMs"));
    stored.u64(in.word("lane")).u64(in.word("sequence"));
    if (several) {
      stored.varint(in.integer("count"));
      writeMoments(in, stored);
    }
  }

  private static void writeHistogram(Fields in, ByteWriter stored) throws BadLineException {
    boolean moments = in.has("min");
    stored.u8(moments ? FLAG : 0);
    if (moments) {
      writeMoments(in, stored);
    }
    String[] buckets = in.has("buckets") ? in.text("buckets", BUCKETS).split(" ") : new String[0];
    stored.varint(buckets.length);
    long before = 0;
    for (String bucket : buckets) {
      int colon = bucket.indexOf(':');
      long index = Long.parseLong(bucket.substring(0, colon));
      stored.zigzag(index - before).varint(in.integer("buckets", bucket.substring(colon + 1)));
      before = index;
    }
  }

  private static void writeMoments(Fields in, ByteWriter stored) throws BadLineException {
    stored.f64(in.decimal("min")).f64(in.decimal("max"));
    stored.f64(in.decimal("sum")).f64(in.decimal("sumSquares"));
  }

  /** Takes fields out one by one, each checked. */
  private static final class Fields {
    private final Kind kind;
    private final Map<String, String> rest;

    Fields(Kind kind, Map<String, String> all) {
      this.kind = kind;
      this.rest = all;
    }

    boolean has(String name) {
      return rest.containsKey(name);
    }

    String text(String name, Pattern form) throws BadLineException {
      String text = rest.remove(name);
      if (text == null) {
        throw new BadLineException("a " + kind.label() + " needs the field " + name);
      }
      if (!form.matcher(text).matches()) {
        throw bad(name, text, null);
      }
      return text;
    }

    long integer(String name) throws BadLineException {
      return integer(name, text(name, INTEGER));
    }

    long integer(String name, String text) throws BadLineException {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw bad(name, text, e);
      }
    }

    double decimal(String name) throws BadLineException {
      String text = text(name, DECIMAL);
      double value = Double.parseDouble(text);
      if (!Double.isFinite(value)) {
        throw bad(name, text, null);
      }
      return value;
    }

    long word(String name) throws BadLineException {
      return HexFormat.fromHexDigitsToLong(text(name, WORD));
    }

    byte[] bytes(String name) throws BadLineException {
      String text = text(name, Pattern.compile("([0-9a-f]{2}){1,1000000}"));
      return HEX.parseHex(text);
    }

    void requireAllTaken() throws BadLineException {
      if (!rest.isEmpty()) {
        throw new BadLineException(
            "a " + kind.label() + " has no field " + String.join(", ", rest.keySet()));
      }
    }

    private static BadLineException bad(String name, String text, @Nullable Throwable cause) {
      String shown = text.length() <= 40 ? text : text.substring(0, 40) + "...";
      return new BadLineException(name + " can't be \"" + shown + "\"", cause);
    }
  }
}
