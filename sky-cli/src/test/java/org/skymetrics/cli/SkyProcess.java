package org.skymetrics.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command {@code sky} in a process of its own, with the class path of the tests. */
public final class SkyProcess implements AutoCloseable {
  private static final long END_S = 40;

  private final Process process;
  private final Path log;
  private final List<String> startMessage = new ArrayList<>();

  private SkyProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts a daemon, and waits for its start message. */
  public static SkyProcess daemon(Path folder, String... arguments) throws IOException {
    SkyProcess sky = start(folder, arguments);
    BufferedReader out = sky.process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    while (line != null) {
      sky.startMessage.add(line);
      // The message ends with where the stores are.
      if (line.matches(" +stores? .*")) {
        return sky;
      }
      line = out.readLine();
    }
    sky.process.destroyForcibly();
    throw new IOException(String.join(" ", arguments) + " did not start:\n" + sky.log());
  }

  /** Runs a command to its end. */
  static CommandRun run(Path folder, String... arguments) throws IOException {
    SkyProcess sky = start(folder, arguments);
    try {
      String out = new String(sky.process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new CommandRun(sky.awaitEnd(), out, sky.log());
    } finally {
      sky.process.destroyForcibly();
    }
  }

  private static SkyProcess start(Path folder, String... arguments) throws IOException {
    Path log = Files.createTempFile(folder, "sky-", ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("SKY_"));
    return new SkyProcess(builder.start(), log);
  }

  /** The address behind a word of the start message. */
  String address(String what) {
    Pattern line = Pattern.compile(" +" + what + " +(?:udp |http://)(\\S+)");
    for (String text : startMessage) {
      Matcher found = line.matcher(text);
      if (found.matches()) {
        return found.group(1);
      }
    }
    throw new AssertionError("no " + what + " in " + startMessage);
  }

  public String udp() {
    return address("counts");
  }

  public String admin() {
    return address("admin");
  }

  public String http() {
    return address("page");
  }

  /** What it said on stderr so far. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGTERM; returns the exit status. */
  public int stop() {
    process.destroy();
    return awaitEnd();
  }

  /** {@code kill -9}. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  private int awaitEnd() {
    try {
      if (!process.waitFor(END_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("did not end within " + END_S + " s:\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
