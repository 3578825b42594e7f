package org.skymetrics.cli.accesslog;

import java.util.ArrayList;
import java.util.List;

/** Keeps the lines that it is given. */
final class GatheredLines implements LineSink {
  final List<String> lines = new ArrayList<>();
  int tooLong;

  @Override
  public void line(String line) {
    lines.add(line);
  }

  @Override
  public void tooLong() {
    tooLong++;
  }
}
