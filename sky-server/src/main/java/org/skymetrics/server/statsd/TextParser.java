package org.skymetrics.server.statsd;

import org.jspecify.annotations.Nullable;

/**
 * Reads statsd and DogStatsD datagrams, line by line, straight from the bytes: each line is applied
 * whole or not at all. Work is linear in the bytes, and a line that is taken allocates nothing.
 *
 * <pre>
 *  line  = name ":" value *( ":" value ) "|" type *( "|" field ) [ CR ]
 *  field = "@" rate / "#" tag *( "," tag ) / "T" seconds / "c:" container / "e:" external / "card:" level / unknown
 *  event = "_e{" title bytes "," text bytes "}:" title "|" text *( "|" field )
 *  check = "_sc|" name "|" status *( "|" field )
 * </pre>
 *
 * <p>The name ends at the first colon, before any bar is looked for, so {@code http_status|200:1|c}
 * names a key of Sky. A field that is repeated: the last one holds. Grammar and verdicts follow the
 * public documents of statsd and of DogStatsD 1.0 to 1.5.
 *
 * <p>Not safe for use by several threads.
 */
public final class TextParser {
  /** The longest line that is read, bytes. */
  public static final int MAX_LINE_BYTES = 8192;

  private static final double LEAST_RATE = 1e-6;

  private final Dialect dialect;
  private final TextSink sink;
  private final TextKey key = new TextKey();
  private final TextNumber number = new TextNumber();
  private final TextAnnouncements announcements;

  private byte[] line = {};
  private int lineFrom;
  private int lineTo;

  private int valuesFrom;
  private int valuesTo;
  private int type;
  private double rate;
  private long timeSeconds;
  private boolean relative;
  private int tagsFrom;
  private int tagsTo;
  private int unknownFields;

  public TextParser(Dialect dialect, TextSink sink) {
    this.dialect = dialect;
    this.sink = sink;
    announcements = new TextAnnouncements(sink);
  }

  /** Reads all lines of a datagram; a last line without a line feed is complete. */
  public void parse(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int start = offset;
    while (start < end) {
      int plainEnd = sink.takePlain(bytes, start, end);
      if (plainEnd > start) {
        start = plainEnd;
        continue;
      }
      int lineEnd = start;
      while (lineEnd < end && bytes[lineEnd] != '\n') {
        lineEnd++;
      }
      int contentEnd = lineEnd > start && bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
      if (contentEnd > start) {
        line(bytes, start, contentEnd);
      }
      start = lineEnd + 1;
    }
  }

  private void line(byte[] bytes, int from, int to) {
    line = bytes;
    lineFrom = from;
    lineTo = to;
    Refusal refusal = refusal();
    if (refusal != null) {
      sink.refused(refusal, bytes, from, to);
    }
  }

  private @Nullable Refusal refusal() {
    if (lineTo - lineFrom > MAX_LINE_BYTES) {
      return Refusal.LINE_TOO_LONG;
    }
    if (!Utf8Text.isText(line, lineFrom, lineTo)) {
      return Refusal.BAD_TEXT;
    }
    if (line[lineFrom] == '_' && lineTo - lineFrom > 2) {
      if (line[lineFrom + 1] == 'e' && line[lineFrom + 2] == '{') {
        return announcements.event(line, lineFrom, lineTo);
      }
      if (announcements.isServiceCheck(line, lineFrom, lineTo)) {
        return announcements.serviceCheck(line, lineFrom, lineTo);
      }
    }
    return metric();
  }

  private @Nullable Refusal metric() {
    int nameTo = indexOf(':', lineFrom, lineTo);
    if (nameTo == lineTo) {
      return Refusal.NO_VALUE;
    }
    valuesFrom = nameTo + 1;
    valuesTo = indexOf('|', valuesFrom, lineTo);
    Refusal refusal = fields();
    if (refusal == null) {
      refusal = values();
    }
    if (refusal == null) {
      refusal = key.build(line, lineFrom, nameTo, tagsFrom, tagsTo);
    }
    if (refusal == null) {
      refusal = sink.begin(key.bytes(), key.length(), (char) type, relative, timeSeconds);
    }
    if (refusal == null) {
      apply();
      for (int i = 0; i < unknownFields; i++) {
        sink.unknownField();
      }
    }
    return refusal;
  }

  /** Reads the type and the fields after it. */
  private @Nullable Refusal fields() {
    rate = 1;
    timeSeconds = 0;
    tagsFrom = -1;
    tagsTo = -1;
    unknownFields = 0;
    int typeFrom = Math.min(valuesTo + 1, lineTo);
    int typeTo = indexOf('|', typeFrom, lineTo);
    type = type(typeFrom, typeTo);
    if (type == 0) {
      return Refusal.BAD_TYPE;
    }
    int start = typeTo + 1;
    while (start <= lineTo) {
      int end = indexOf('|', start, lineTo);
      if (end > start) {
        Refusal refusal = field(start, end);
        if (refusal != null) {
          return refusal;
        }
      }
      start = end + 1;
    }
    return null;
  }

  /** The letter that stands for the type; all distributions are {@code h}; 0 where it is none. */
  private int type(int from, int to) {
    if (to - from == 1) {
      byte letter = line[from];
      return switch (letter) {
        case 'c', 'g', 's' -> letter;
        case 'h', 'd' -> 'h';
        default -> 0;
      };
    }
    return to - from == 2 && line[from] == 'm' && line[from + 1] == 's' ? 'h' : 0;
  }

  private @Nullable Refusal field(int from, int to) {
    switch (line[from]) {
      case '@' -> {
        if (!number.read(line, from + 1, to) || number.value() > 1 || number.value() < LEAST_RATE) {
          return Refusal.BAD_RATE;
        }
        rate = number.value();
      }
      case '#' -> {
        tagsFrom = from + 1;
        tagsTo = to;
      }
      case 'T' -> {
        if ((type != 'c' && type != 'g')
            || !number.read(line, from + 1, to)
            || !number.whole()
            || number.signed()
            || number.wholeValue() <= 0) {
          return Refusal.BAD_TIMESTAMP;
        }
        timeSeconds = number.wholeValue();
      }
      default -> {
        if (!startsWith("c:", from, to)
            && !startsWith("e:", from, to)
            && !startsWith("card:", from, to)) {
          unknownFields++;
        }
      }
    }
    return null;
  }

  /** Whether each of the values is good, and there is one. */
  private @Nullable Refusal values() {
    relative = false;
    if (type == 's') {
      return valuesTo > valuesFrom ? null : Refusal.BAD_VALUE;
    }
    boolean any = false;
    int start = valuesFrom;
    while (start <= valuesTo) {
      int end = indexOf(':', start, valuesTo);
      if (end > start) {
        if (!number.read(line, start, end) || !Double.isFinite(number.value() / rate)) {
          return Refusal.BAD_VALUE;
        }
        any = true;
        relative |= isRelative();
      }
      start = end + 1;
    }
    return any ? null : Refusal.BAD_VALUE;
  }

  private void apply() {
    if (type == 's') {
      sink.member(key.bytes(), key.length(), line, valuesFrom, valuesTo);
      return;
    }
    int start = valuesFrom;
    while (start <= valuesTo) {
      int end = indexOf(':', start, valuesTo);
      if (end > start) {
        number.read(line, start, end);
        applyNumber();
      }
      start = end + 1;
    }
  }

  private void applyNumber() {
    switch (type) {
      case 'c' -> {
        if (number.whole() && rate == 1) {
          sink.count(key.bytes(), key.length(), number.wholeValue(), timeSeconds);
        } else {
          sink.count(key.bytes(), key.length(), number.value() / rate, timeSeconds);
        }
      }
      case 'g' -> {
        sink.gauge(key.bytes(), key.length(), number.value(), isRelative(), timeSeconds);
      }
      default -> sink.sample(key.bytes(), key.length(), number.value(), 1 / rate);
    }
  }

  /** Whether the number just read changes a gauge. */
  private boolean isRelative() {
    return type == 'g' && dialect == Dialect.STATSD && number.signed();
  }

  private boolean startsWith(String prefix, int from, int to) {
    if (to - from < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      if (line[from + i] != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int indexOf(char c, int from, int to) {
    int i = from;
    while (i < to && line[i] != c) {
      i++;
    }
    return i;
  }
}
