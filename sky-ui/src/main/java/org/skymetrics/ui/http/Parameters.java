package org.skymetrics.ui.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.ui.query.TimeText;

/**
 * The parameters of a request's query, read strictly: an unknown name, a name given twice that
 * takes one value, a broken escape: each is refused with a sentence, never guessed at.
 */
final class Parameters {
  private final Map<String, List<String>> values;

  private Parameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /**
   * Reads a query string.
   *
   * @throws HttpFault 400 where it is malformed or has a name that is not among {@code known}
   */
  static Parameters parse(@Nullable String query, Set<String> known) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    if (query != null && !query.isEmpty()) {
      for (String part : query.split("&", -1)) {
        int equals = part.indexOf('=');
        String name = decode(equals < 0 ? part : part.substring(0, equals));
        if (!known.contains(name)) {
          throw unknown(name, known);
        }
        if (equals < 0) {
          throw new HttpFault(400, name + " has no value; write " + name + "=...");
        }
        values
            .computeIfAbsent(name, n -> new ArrayList<>())
            .add(decode(part.substring(equals + 1)));
      }
    }
    return new Parameters(values);
  }

  private static HttpFault unknown(String name, Set<String> known) {
    String those =
        known.isEmpty()
            ? "there are none here"
            : "known are " + String.join(", ", new TreeSet<>(known));
    return new HttpFault(400, "there is no parameter " + TimeText.shown(name) + "; " + those);
  }

  /** Percent escapes and {@code +} undone; UTF-8, checked. */
  private static String decode(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(3 * text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 1 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw new HttpFault(
              400,
              "a % in a query is followed by two hex digits, not as in " + TimeText.shown(text));
        }
        bytes.put((byte) (high << 4 | low));
        i += 2;
      } else if (c < 0x80) {
        bytes.put((byte) (c == '+' ? ' ' : c));
      } else {
        throw new HttpFault(400, "a query is ASCII; percent-encode the UTF-8 of other characters");
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new HttpFault(400, TimeText.shown(text) + " is not percent-encoded UTF-8");
    }
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** All values of a name, in order. */
  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** The one value of a name, or null where it is not given. */
  @Nullable String one(String name) {
    List<String> all = all(name);
    if (all.size() > 1) {
      throw new HttpFault(400, name + " is given " + all.size() + " times; give it once");
    }
    return all.isEmpty() ? null : all.get(0);
  }

  String one(String name, String otherwise) {
    String value = one(name);
    return value == null ? otherwise : value;
  }

  /** A whole number from {@code min} to {@code max}. */
  int number(String name, int min, int max, int otherwise) {
    String text = one(name);
    if (text == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max && !text.startsWith("+")) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new HttpFault(
        400,
        name + " is a whole number from " + min + " to " + max + ", not " + TimeText.shown(text));
  }

  /** One of some words. */
  String word(String name, List<String> words, String otherwise) {
    String text = one(name, otherwise);
    if (!words.contains(text)) {
      throw new HttpFault(
          400, name + " is " + String.join(" or ", words) + ", not " + TimeText.shown(text));
    }
    return text;
  }

  /** Runs a reading of values whose faults are the client's. */
  static <T> T read(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      throw new HttpFault(400, String.valueOf(e.getMessage()));
    }
  }
}
