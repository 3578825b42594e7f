package org.skymetrics.cli.accesslog;

/** Takes the lines of a log, in their order. */
public interface LineSink {
  /** A line without its line end; each char is one byte of it. */
  void line(String line);

  /** A line that is longer than {@link LineSplitter#MAX_LINE_BYTES}; its text is not kept. */
  void tooLong();
}
