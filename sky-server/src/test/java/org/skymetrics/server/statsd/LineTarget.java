package org.skymetrics.server.statsd;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Text of strangers for the parser. Holds: nothing is thrown, and where the text is valid and has
 * no event or service check, the parser says what the slow one says.
 */
public final class LineTarget {
  private LineTarget() {}

  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    Dialect dialect = Dialect.values()[(data[0] & 0xff) % Dialect.values().length];
    byte[] bytes = Arrays.copyOfRange(data, 1, data.length);
    List<String> said = Transcript.of(dialect, bytes);
    if (said.size() > 2 * bytes.length) {
      throw new AssertionError("more is said than there are bytes");
    }
    String text = text(bytes);
    if (text != null && !text.startsWith("_") && !text.contains("\n_")) {
      List<String> expected = SlowParser.parse(dialect, text);
      if (!said.equals(expected)) {
        throw new AssertionError(said + " for " + expected);
      }
    }
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
