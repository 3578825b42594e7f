package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * CPU time of the threads of a process that live, by the beginnings of their names: what receives,
 * what compiles, and the rest.
 *
 * @param seconds by kind of thread
 */
record ThreadFigures(Map<String, Double> seconds) {
  private static final double TICKS_PER_SECOND = 100;
  private static final int SHOWN = 10;
  private static final String COMPILER = "compiler";

  /** Of all processes together. */
  static ThreadFigures of(List<Long> pids) {
    Map<String, Double> seconds = new TreeMap<>();
    for (long pid : pids) {
      tasks(pid).forEach(task -> add(task, seconds));
    }
    return new ThreadFigures(seconds);
  }

  private static List<Path> tasks(long pid) {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return all.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(Path task, Map<String, Double> seconds) {
    try {
      String stat = Files.readString(task.resolve("stat"));
      String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      double used = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
      seconds.merge(kind(name), used, Double::sum);
    } catch (IOException e) {
      // The thread has ended meanwhile: what it used is not told.
      seconds.merge("ended", 0.0, Double::sum);
    }
  }

  private static String kind(String name) {
    return switch (name) {
      case "C1 CompilerThre", "C2 CompilerThre" -> COMPILER;
      default -> name.replaceAll("[-#0-9 ]+$", "");
    };
  }

  /** What a JVM's compilers used since then. */
  double compilerSecondsSince(ThreadFigures before) {
    return seconds.getOrDefault(COMPILER, 0.0) - before.seconds.getOrDefault(COMPILER, 0.0);
  }

  /** What each kind of thread used since then, the most first, in CPU seconds a million. */
  String since(ThreadFigures before, double count) {
    List<Map.Entry<String, Double>> used = new ArrayList<>();
    seconds.forEach(
        (kind, now) -> used.add(Map.entry(kind, now - before.seconds.getOrDefault(kind, 0.0))));
    used.sort(Map.Entry.<String, Double>comparingByValue().reversed());
    return used.stream()
        .limit(SHOWN)
        .map(e -> String.format(Locale.ROOT, "%s %.4f", e.getKey(), 1e6 * e.getValue() / count))
        .collect(Collectors.joining(", "));
  }
}
