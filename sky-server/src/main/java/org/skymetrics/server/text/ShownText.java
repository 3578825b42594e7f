package org.skymetrics.server.text;

import java.nio.charset.StandardCharsets;

/** Bytes from the network in a form that an operator can look at: cut, and nothing that acts. */
final class ShownText {
  static final int MAX_CHARS = 200;
  private static final int MAX_BYTES_A_CHAR = 3;

  private ShownText() {}

  static String of(byte[] bytes, int from, int to) {
    int end = Math.min(to, from + MAX_BYTES_A_CHAR * MAX_CHARS);
    return of(new String(bytes, from, end - from, StandardCharsets.UTF_8));
  }

  /** At most {@link #MAX_CHARS} characters of the text, escapes not counted. */
  static String of(String text) {
    StringBuilder shown = new StringBuilder(Math.min(text.length(), MAX_CHARS));
    text.codePoints().limit(MAX_CHARS).forEach(c -> append(shown, c));
    return shown.toString();
  }

  private static void append(StringBuilder shown, int c) {
    int type = Character.getType(c);
    boolean acts =
        type == Character.CONTROL
            || type == Character.FORMAT
            || type == Character.SURROGATE
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR;
    if (acts) {
      shown.append("\\u{").append(Integer.toHexString(c)).append('}');
    } else {
      shown.appendCodePoint(c);
    }
  }
}
