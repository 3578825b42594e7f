package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a measurement found, figure by figure, each with what was aimed at: printed as a table, and
 * written as JSON where {@code -Dsky.figures=FILE} says so.
 */
final class Figures {
  private static final String FILE = System.getProperty("sky.figures", "");

  private final List<Figure> all = new ArrayList<>();

  /** One figure. The aim is the most that it may be; NaN where there is none. */
  private record Figure(String what, double value, String unit, double most) {
    boolean isMet() {
      return Double.isNaN(most) || value <= most;
    }

    String aim() {
      return Double.isNaN(most) ? "" : "at most " + number(most) + (isMet() ? "" : ": missed");
    }

    String row() {
      return "| " + what + " | " + number(value) + " | " + unit + " | " + aim() + " |";
    }

    String json() {
      return String.format(
          Locale.ROOT,
          "{\"what\":\"%s\",\"value\":%s,\"unit\":\"%s\",\"most\":%s,\"met\":%s}",
          what,
          Double.isFinite(value) ? value : null,
          unit,
          Double.isNaN(most) ? null : most,
          isMet());
    }
  }

  /** A figure that nothing was aimed at for. */
  void add(String what, double value, String unit) {
    add(what, value, unit, Double.NaN);
  }

  /** A figure that should be so much at most. */
  void add(String what, double value, String unit, double most) {
    all.add(new Figure(what, value, unit, most));
  }

  /** Prints them, and writes them where that is wanted. */
  void end() {
    System.out.println();
    System.out.println("| what | found | unit | aim |");
    System.out.println("|---|---|---|---|");
    all.forEach(figure -> System.out.println(figure.row()));
    if (!FILE.isEmpty()) {
      try {
        Files.writeString(
            Path.of(FILE),
            "[\n" + String.join(",\n", all.stream().map(Figure::json).toList()) + "\n]\n");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Three digits, or all before the point. */
  static String number(double value) {
    double size = Math.abs(value);
    int digits = size >= 100 || value == Math.rint(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 4;
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }
}
