package org.skymetrics.server.statsd;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the two lines of DogStatsD that are no metrics: events and service checks. They are few, so
 * Strings are made. Lengths in an event's head are bytes of the escaped text, and rule: title and
 * text may hold bars.
 */
final class TextAnnouncements {
  private final TextSink sink;
  private final TextNumber number = new TextNumber();
  private final TextKey key = new TextKey();

  private long timeSeconds;
  private String host = "";
  private String aggregationKey = "";
  private String priority = "";
  private String source = "";
  private String alertType = "";
  private String tags = "";
  private String message = "";
  private int unknownFields;

  TextAnnouncements(TextSink sink) {
    this.sink = sink;
  }

  /** {@code _e{title bytes,text bytes}:title|text} and fields. */
  @Nullable Refusal event(byte[] line, int from, int to) {
    int comma = indexOf(line, ',', from, to);
    int brace = indexOf(line, '}', comma, to);
    if (brace >= to - 1 || line[brace + 1] != ':' || !isLength(line, from + 3, comma)) {
      return Refusal.BAD_EVENT;
    }
    long titleLength = number.wholeValue();
    if (!isLength(line, comma + 1, brace)) {
      return Refusal.BAD_EVENT;
    }
    long textLength = number.wholeValue();
    int titleFrom = brace + 2;
    long titleTo = titleFrom + titleLength;
    long textTo = titleTo + 1 + textLength;
    if (titleLength == 0
        || textTo > to
        || line[(int) titleTo] != '|'
        || (textTo < to && line[(int) textTo] != '|')
        || !fields(line, (int) textTo + 1, to, false)) {
      return Refusal.BAD_EVENT;
    }
    return taken(
        sink.event(
            new TextEvent(
                unescaped(line, titleFrom, (int) titleTo),
                unescaped(line, (int) titleTo + 1, (int) textTo),
                timeSeconds,
                priority.isEmpty() ? "normal" : priority,
                alertType.isEmpty() ? "info" : alertType,
                host,
                aggregationKey,
                source,
                tags)));
  }

  boolean isServiceCheck(byte[] line, int from, int to) {
    return to - from > 4 && line[from + 1] == 's' && line[from + 2] == 'c' && line[from + 3] == '|';
  }

  /** {@code _sc|name|status} and fields. */
  @Nullable Refusal serviceCheck(byte[] line, int from, int to) {
    int nameFrom = from + 4;
    int nameTo = indexOf(line, '|', nameFrom, to);
    int statusTo = nameTo + 2;
    if (nameTo == nameFrom
        || statusTo > to
        || line[nameTo + 1] < '0'
        || line[nameTo + 1] > '3'
        || (statusTo < to && line[statusTo] != '|')
        || !fields(line, statusTo + 1, to, true)) {
      return Refusal.BAD_EVENT;
    }
    Refusal refusal = buildKey(line, nameFrom, nameTo);
    if (refusal != null) {
      return refusal;
    }
    return taken(
        sink.serviceCheck(
            new TextServiceCheck(
                text(line, nameFrom, nameTo),
                text(key.bytes(), 0, key.length()),
                line[nameTo + 1] - '0',
                timeSeconds,
                host,
                message,
                tags)));
  }

  /** Tells of fields that are not known, where the line was not refused. */
  private @Nullable Refusal taken(@Nullable Refusal refusal) {
    for (int i = 0; refusal == null && i < unknownFields; i++) {
      sink.unknownField();
    }
    return refusal;
  }

  /** The key is that of a metric of this name and these tags, the host one of them. */
  private @Nullable Refusal buildKey(byte[] line, int nameFrom, int nameTo) {
    String allTags = host.isEmpty() ? tags : tags + ",host:" + host;
    byte[] end = allTags.getBytes(StandardCharsets.UTF_8);
    int nameLength = nameTo - nameFrom;
    byte[] joined = Arrays.copyOfRange(line, nameFrom, nameTo + end.length);
    System.arraycopy(end, 0, joined, nameLength, end.length);
    return key.build(joined, 0, nameLength, nameLength, joined.length);
  }

  private boolean fields(byte[] line, int from, int to, boolean check) {
    timeSeconds = 0;
    host = "";
    aggregationKey = "";
    priority = "";
    source = "";
    alertType = "";
    tags = "";
    message = "";
    unknownFields = 0;
    int start = from;
    while (start < to) {
      // The message comes last, and is all that is left.
      boolean last = check && to - start >= 2 && line[start] == 'm' && line[start + 1] == ':';
      int end = last ? to : indexOf(line, '|', start, to);
      if (end > start && !field(line, start, end, check)) {
        return false;
      }
      start = end + 1;
    }
    return true;
  }

  private boolean field(byte[] line, int from, int to, boolean check) {
    if (line[from] == '#') {
      tags = text(line, from + 1, to);
      return true;
    }
    if (to - from < 2 || line[from + 1] != ':') {
      unknownFields++;
      return true;
    }
    String value = text(line, from + 2, to);
    switch (line[from]) {
      case 'd' -> {
        if (!isLength(line, from + 2, to)) {
          return false;
        }
        timeSeconds = number.wholeValue();
      }
      case 'h' -> host = value;
      case 'm' -> message = value;
      case 'k' -> aggregationKey = value;
      case 's' -> source = value;
      case 'p' -> {
        priority = value;
        return check || value.equals("normal") || value.equals("low");
      }
      case 't' -> {
        alertType = value;
        return check
            || value.equals("info")
            || value.equals("warning")
            || value.equals("error")
            || value.equals("success");
      }
      case 'c', 'e' -> {
        // The container that sent it: known, and not kept.
      }
      default -> unknownFields++;
    }
    return true;
  }

  /** Whether the range is a whole number without a sign; {@link #number} holds it then. */
  private boolean isLength(byte[] line, int from, int to) {
    return from <= to
        && number.read(line, from, to)
        && number.whole()
        && !number.signed()
        && number.wholeValue() <= Integer.MAX_VALUE * 100L;
  }

  private static String unescaped(byte[] line, int from, int to) {
    return text(line, from, to).replace("\\n", "\n");
  }

  private static String text(byte[] line, int from, int to) {
    return new String(line, from, to - from, StandardCharsets.UTF_8);
  }

  private static int indexOf(byte[] line, char c, int from, int to) {
    int i = from;
    while (i < to && line[i] != c) {
      i++;
    }
    return i;
  }
}
