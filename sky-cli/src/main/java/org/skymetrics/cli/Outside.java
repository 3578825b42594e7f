package org.skymetrics.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Map;

/**
 * What a command has of the world around it: passed in, so that a test can be that world.
 *
 * @param out results, and nothing else
 * @param err everything else: warnings, progress, logs
 * @param terminal whether a person is looking at {@code out} and {@code err}
 * @param stop asked for by Ctrl-C and SIGTERM
 */
record Outside(
    Map<String, String> environment,
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean terminal,
    ZoneId zone,
    Stop stop) {

  /** The world around this process. What is printed is UTF-8, whatever the locale. */
  static Outside ofProcess(Stop stop) {
    Map<String, String> environment = System.getenv();
    // The launcher knows; what Java says of its console differs between versions.
    boolean terminal =
        Boolean.getBoolean("sky.terminal")
            && !"dumb".equals(environment.getOrDefault("TERM", "dumb"));
    return new Outside(
        environment,
        System.in,
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        terminal,
        ZoneId.systemDefault(),
        stop);
  }
}
