package org.skymetrics.server.text;

import java.util.Arrays;
import org.skymetrics.server.statsd.Refusal;
import org.skymetrics.server.statsd.TextParser;
import org.skymetrics.server.statsd.TextSink;

/**
 * The lines of one connection, which may be cut anywhere between two reads: what has no end yet is
 * kept, up to the length that a line may have. Of a longer line the rest is skipped.
 */
final class LineStream {
  /** A line feed and a carriage return do not belong to the line. */
  private static final int MAX_KEPT_BYTES = TextParser.MAX_LINE_BYTES + 1;

  private final TextParser parser;
  private final TextSink sink;
  private byte[] kept = {};
  private int keptLength;
  private boolean skipping;

  LineStream(TextParser parser, TextSink sink) {
    this.parser = parser;
    this.sink = sink;
  }

  /** Takes the next bytes. */
  void take(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int start = offset;
    if (skipping || keptLength > 0) {
      int lineEnd = indexOfLineFeed(bytes, start, end);
      continueLine(bytes, start, lineEnd);
      if (lineEnd == end) {
        return;
      }
      endLine();
      start = lineEnd + 1;
    }
    int whole = lastLineFeed(bytes, start, end) + 1;
    if (whole > start) {
      parser.parse(bytes, start, whole - start);
      start = whole;
    }
    continueLine(bytes, start, end);
  }

  /** The connection is over: a line without an end may be half a line, and is not counted. */
  void end() {
    if (keptLength > 0) {
      sink.refused(Refusal.NOT_TERMINATED, kept, 0, keptLength);
      keptLength = 0;
    }
  }

  private void continueLine(byte[] bytes, int from, int to) {
    int more = to - from;
    if (skipping || more == 0) {
      return;
    }
    int room = MAX_KEPT_BYTES - keptLength;
    if (keptLength + more > kept.length) {
      int wanted = Math.max(keptLength + more, 2 * kept.length);
      kept = Arrays.copyOf(kept, Math.min(MAX_KEPT_BYTES, wanted));
    }
    int taken = Math.min(more, room);
    System.arraycopy(bytes, from, kept, keptLength, taken);
    keptLength += taken;
    if (more > room) {
      sink.refused(Refusal.LINE_TOO_LONG, kept, 0, keptLength);
      keptLength = 0;
      skipping = true;
    }
  }

  private void endLine() {
    if (!skipping) {
      parser.parse(kept, 0, keptLength);
    }
    skipping = false;
    keptLength = 0;
    kept = new byte[0];
  }

  private static int indexOfLineFeed(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && bytes[i] != '\n') {
      i++;
    }
    return i;
  }

  /** The index of the last one, or the one before {@code from}. */
  private static int lastLineFeed(byte[] bytes, int from, int to) {
    int i = to - 1;
    while (i >= from && bytes[i] != '\n') {
      i--;
    }
    return i;
  }
}
