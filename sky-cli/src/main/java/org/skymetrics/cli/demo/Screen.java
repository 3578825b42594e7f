package org.skymetrics.cli.demo;

import java.io.PrintStream;
import java.util.List;

/** Some lines of a terminal, drawn again in their place. */
public final class Screen {
  private static final String CLEAR_LINE = "\u001b[2K";

  private final PrintStream out;
  private int drawn;

  public Screen(PrintStream out) {
    this.out = out;
  }

  public void draw(List<String> lines) {
    StringBuilder text = new StringBuilder();
    if (drawn > 0) {
      text.append("\u001b[").append(drawn).append("A\r");
    }
    lines.forEach(line -> text.append(CLEAR_LINE).append(line).append('\n'));
    for (int i = lines.size(); i < drawn; i++) {
      text.append(CLEAR_LINE).append('\n');
    }
    out.print(text);
    out.flush();
    drawn = Math.max(drawn, lines.size());
  }
}
