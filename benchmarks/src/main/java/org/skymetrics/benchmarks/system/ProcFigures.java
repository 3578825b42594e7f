package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What Linux says of one process.
 *
 * @param pid its id
 */
record ProcFigures(long pid) {
  private static final double TICKS_PER_SECOND = 100;

  /** CPU time of all its threads so far, user and system, in seconds. */
  double cpuSeconds() {
    String stat = read("stat");
    // The name of the command, in parentheses, may hold blanks.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** Resident memory, bytes. */
  long residentBytes() {
    return read("status")
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0);
  }

  /** Open file descriptors. */
  long descriptors() {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Threads. */
  long threads() {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String read(String name) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/" + name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
