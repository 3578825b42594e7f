package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;

/** Writes JSON; numbers that are whole without a fraction part. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double MAX_EXACT = 1L << 53;

  private Json() {}

  /** Writes one value. */
  interface Content {
    void write(JsonGenerator out) throws IOException;
  }

  static byte[] bytes(Content content) {
    ByteArrayBuilder bytes = new ByteArrayBuilder();
    try (JsonGenerator out = MAPPER.createGenerator(bytes)) {
      content.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all bytes", e);
    }
    return bytes.toByteArray();
  }

  static void field(JsonGenerator out, String name, double value) throws IOException {
    out.writeFieldName(name);
    number(out, value);
  }

  /** A moment in epoch seconds, to the millisecond, without an exponent: scripts read it. */
  static void seconds(JsonGenerator out, String name, long ms) throws IOException {
    if (ms % 1000 == 0) {
      out.writeNumberField(name, ms / 1000);
    } else {
      out.writeNumberField(name, BigDecimal.valueOf(ms, 3));
    }
  }

  static void number(JsonGenerator out, double value) throws IOException {
    if (!Double.isFinite(value)) {
      out.writeNull();
    } else if (isWhole(value)) {
      out.writeNumber((long) value);
    } else {
      out.writeNumber(value);
    }
  }

  /** A number as JSON and CSV have it. */
  static String text(double value) {
    if (!Double.isFinite(value)) {
      return "";
    }
    return isWhole(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static boolean isWhole(double value) {
    return value == Math.rint(value) && Math.abs(value) <= MAX_EXACT;
  }

  static byte[] error(String sentence) {
    return bytes(
        out -> {
          out.writeStartObject();
          out.writeStringField("error", sentence);
          out.writeEndObject();
        });
  }
}
