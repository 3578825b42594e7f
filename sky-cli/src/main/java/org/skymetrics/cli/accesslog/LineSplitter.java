package org.skymetrics.cli.accesslog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Cuts bytes, as they come, into lines. A line that is not ended yet is kept, up to a limit. */
final class LineSplitter {
  static final int MAX_LINE_BYTES = 64 * 1024;

  private final LineSink sink;
  private byte[] pending = new byte[512];
  private int pendingLength;
  private boolean skipping;

  LineSplitter(LineSink sink) {
    this.sink = sink;
  }

  void accept(byte[] bytes, int length) {
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        append(bytes, start, i - start);
        end();
        start = i + 1;
      }
    }
    append(bytes, start, length - start);
  }

  /** The source has ended: what is pending is a line too, if there is any. */
  void finish() {
    if (pendingLength > 0 || skipping) {
      end();
    }
  }

  /** The source starts anew: what is pending will never be ended. */
  void discard() {
    pendingLength = 0;
    skipping = false;
  }

  private void append(byte[] bytes, int start, int count) {
    if (skipping || count == 0) {
      return;
    }
    if (pendingLength + count > MAX_LINE_BYTES) {
      skipping = true;
      pendingLength = 0;
      return;
    }
    if (pendingLength + count > pending.length) {
      pending = Arrays.copyOf(pending, Math.max(pending.length * 2, pendingLength + count));
    }
    System.arraycopy(bytes, start, pending, pendingLength, count);
    pendingLength += count;
  }

  private void end() {
    if (skipping) {
      sink.tooLong();
    } else {
      int length = pendingLength;
      if (length > 0 && pending[length - 1] == '\r') {
        length--;
      }
      sink.line(new String(pending, 0, length, StandardCharsets.ISO_8859_1));
    }
    discard();
  }
}
