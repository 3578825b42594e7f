package org.skymetrics.cli.accesslog;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/** A log that comes in through a stream, which ends. */
public final class LogStream {
  private LogStream() {}

  /** Reads to the end, or until {@code stopped}. */
  public static void read(InputStream in, LineSink sink, BooleanSupplier stopped)
      throws IOException {
    LineSplitter lines = new LineSplitter(sink);
    byte[] buffer = new byte[64 * 1024];
    int count = in.read(buffer);
    while (count >= 0 && !stopped.getAsBoolean()) {
      lines.accept(buffer, count);
      count = in.read(buffer);
    }
    lines.finish();
  }
}
