package org.skymetrics.cli.answer;

import java.util.Arrays;

/** A line chart one character high. A step without a value is a space. */
final class Sparkline {
  private static final String BARS = "▁▂▃▄▅▆▇█";

  private Sparkline() {}

  /**
   * Draws.
   *
   * @param values NaN where a step has none
   * @param maxWidth where there are more steps, neighbours share a character, which shows the
   *     greatest of them
   */
  static String of(double[] values, boolean fromZero, int maxWidth) {
    double[] shown = shrink(values, maxWidth);
    double min = Arrays.stream(shown).filter(v -> !Double.isNaN(v)).min().orElse(0);
    double max = Arrays.stream(shown).filter(v -> !Double.isNaN(v)).max().orElse(0);
    double low = fromZero ? Math.min(0, min) : min;
    StringBuilder line = new StringBuilder();
    for (double value : shown) {
      line.append(Double.isNaN(value) ? ' ' : BARS.charAt(height(value, low, max)));
    }
    return line.toString();
  }

  private static int height(double value, double low, double max) {
    if (max <= low) {
      return 0;
    }
    double part = (value - low) / (max - low);
    return (int) Math.min(BARS.length() - 1, Math.floor(part * BARS.length()));
  }

  private static double[] shrink(double[] values, int maxWidth) {
    if (values.length <= maxWidth) {
      return values;
    }
    double[] shown = new double[maxWidth];
    Arrays.fill(shown, Double.NaN);
    for (int i = 0; i < values.length; i++) {
      int at = (int) ((long) i * maxWidth / values.length);
      if (Double.isNaN(shown[at]) || values[i] > shown[at]) {
        shown[at] = values[i];
      }
    }
    return shown;
  }
}
