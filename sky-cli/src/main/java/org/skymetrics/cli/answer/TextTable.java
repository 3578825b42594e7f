package org.skymetrics.cli.answer;

import java.util.ArrayList;
import java.util.List;

/** Rows in aligned columns. The columns of numbers are aligned to the right. */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();
  private final boolean[] right;

  /**
   * @param headings one for each column; a {@code >} in front aligns the column to the right
   */
  public TextTable(String... headings) {
    right = new boolean[headings.length];
    List<String> first = new ArrayList<>();
    for (int i = 0; i < headings.length; i++) {
      right[i] = headings[i].startsWith(">");
      first.add(right[i] ? headings[i].substring(1) : headings[i]);
    }
    rows.add(first);
  }

  public TextTable(List<String> headings) {
    this(headings.toArray(new String[0]));
  }

  public void row(List<String> cells) {
    if (cells.size() != right.length) {
      throw new IllegalArgumentException(
          "a row has " + right.length + " cells, not " + cells.size());
    }
    rows.add(List.copyOf(cells));
  }

  public void row(String... cells) {
    row(List.of(cells));
  }

  /** The lines, the headings first, without spaces at their ends. */
  public List<String> lines() {
    int[] widths = new int[right.length];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String padding = " ".repeat(widths[i] - width(row.get(i)));
        line.append(i == 0 ? "" : GAP);
        line.append(right[i] ? padding + row.get(i) : row.get(i) + padding);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
