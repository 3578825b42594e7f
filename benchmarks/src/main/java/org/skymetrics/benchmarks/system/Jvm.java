package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What the JVM of a process says of itself, through {@code jcmd}.
 *
 * @param pid its process
 */
record Jvm(long pid) {
  /** What the heap holds after a full collection, bytes. */
  long liveHeapBytes() throws IOException, InterruptedException {
    String last = "";
    for (String line : ask("GC.class_histogram").split("\n")) {
      last = line.isBlank() ? last : line;
    }
    // Total   instances   bytes
    return Long.parseLong(last.strip().split("\\s+")[2]);
  }

  /** All that the JVM has taken from the system, but for the heap, bytes; needs its tracking. */
  long nativeBytes() throws IOException, InterruptedException {
    long total = 0;
    long heap = 0;
    for (String line : ask("VM.native_memory", "summary", "scale=b").split("\n")) {
      if (line.startsWith("Total:")) {
        total = committed(line);
      } else if (line.contains("Java Heap (")) {
        heap = committed(line);
      }
    }
    return total - heap;
  }

  private static long committed(String line) {
    return Long.parseLong(line.replaceAll(".*committed=(\\d+).*", "$1"));
  }

  private String ask(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    builder.command().add("" + pid);
    builder.command().addAll(List.of(command));
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }
}
