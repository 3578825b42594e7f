package org.skymetrics.store.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis, or sentinel, on a free port of loopback, in a directory of its own. It keeps
 * nothing on disk but what its settings say.
 */
public final class RedisUnderTest implements AutoCloseable {
  /** What is said here takes as long as a machine under load needs. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final int port;
  private final Path directory;
  private final boolean isSentinel;
  private RedisOptions operator;
  private @Nullable Process server;

  private RedisUnderTest(int port, boolean isSentinel) throws IOException {
    this.port = port;
    this.isSentinel = isSentinel;
    this.operator = options();
    this.directory = Files.createTempDirectory("sky-redis");
  }

  public static RedisUnderTest launch(String... settings) throws IOException {
    return launch(freePort(), settings);
  }

  /** On this port, where the settings don't say {@code port 0}. */
  static RedisUnderTest launch(int port, String... settings) throws IOException {
    return launch(
        new RedisUnderTest(port, false),
        List.of("bind 127.0.0.1", "port " + port, "save \"\"", "appendonly no"),
        settings);
  }

  /** A sentinel that watches {@code master}, and moves it when it is down for a quarter second. */
  static RedisUnderTest sentinel(String name, RedisUnderTest master, String... settings)
      throws IOException {
    return sentinel(freePort(), name, master, settings);
  }

  static RedisUnderTest sentinel(int port, String name, RedisUnderTest master, String... settings)
      throws IOException {
    return launch(
        new RedisUnderTest(port, true),
        List.of(
            "bind 127.0.0.1",
            "port " + port,
            "sentinel monitor " + name + " 127.0.0.1 " + master.port + " 1",
            "sentinel down-after-milliseconds " + name + " 250",
            "sentinel failover-timeout " + name + " 2000"),
        settings);
  }

  private static RedisUnderTest launch(
      RedisUnderTest redis, List<String> defaults, String... settings) throws IOException {
    List<String> lines = new ArrayList<>(defaults);
    lines.addAll(List.of(settings));
    lines.add("dir " + redis.directory);
    Files.write(redis.directory.resolve("redis.conf"), lines);
    redis.start();
    return redis;
  }

  /**
   * A port that nobody listens on, below those that systems give to outgoing connections: it stays
   * free until it is used, and while a Redis is stopped.
   */
  static int freePort() throws IOException {
    for (int tries = 0; ; tries++) {
      // Nodes of a cluster also listen 10,000 higher.
      int port = ThreadLocalRandom.current().nextInt(15_000, 22_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        new ServerSocket(port + 10_000, 1, InetAddress.getLoopbackAddress()).close();
        return socket.getLocalPort();
      } catch (BindException e) {
        if (tries == 100) {
          throw e;
        }
      }
    }
  }

  private static final class Executable {
    static final Path PATH = path();

    private static Path path() {
      try {
        return ExecutableProvider.newJarResourceProvider().get().toPath();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  public void start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Executable.PATH.toString());
    command.add(directory.resolve("redis.conf").toString());
    if (isSentinel) {
      command.add("--sentinel");
    }
    Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    server = started;
    BufferedReader said =
        new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder all = new StringBuilder();
    while (true) {
      String line = said.readLine();
      if (line == null) {
        throw new IOException("Redis ended:\n" + all);
      }
      all.append(line).append('\n');
      if (line.contains("Ready to accept connections") || line.contains("+monitor master")) {
        break;
      }
    }
    Thread reader = new Thread(() -> said.lines().forEach(line -> {}), "redis-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** As an operator does: what the settings say is saved. */
  void stop() throws IOException {
    end(Process::destroy);
  }

  /** {@code kill -9}. */
  public void kill() throws IOException {
    end(Process::destroyForcibly);
  }

  private void end(Consumer<Process> how) throws IOException {
    Process running = server;
    server = null;
    if (running == null) {
      return;
    }
    try {
      how.accept(running);
      running.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** It hangs until {@link #resume}. */
  public void suspend() throws IOException {
    signal("-STOP");
  }

  public void resume() throws IOException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException {
    Process running = server;
    if (running == null) {
      throw new IOException("there is no process");
    }
    try {
      int result = new ProcessBuilder("kill", signal, "" + running.pid()).start().waitFor();
      if (result != 0) {
        throw new IOException("kill " + signal + " ended with " + result);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  int port() {
    return port;
  }

  Path directory() {
    return directory;
  }

  public String address() {
    return "127.0.0.1:" + port;
  }

  RedisOptions options() {
    return RedisOptions.parse(address());
  }

  /** From now on commands are run as the user, and over the TLS, of these options. */
  RedisUnderTest commandedAs(RedisOptions options) {
    operator = options;
    return this;
  }

  /** Runs one command, as an operator would; an error is its message. */
  Object command(Command command, Object... arguments) {
    try (Connection connection =
        new Connection(
            new HostAndPort("127.0.0.1", port),
            ClientConfigs.forData(operator.withCallTimeout(PATIENCE)))) {
      List<byte[]> bytes = new ArrayList<>();
      for (Object argument : arguments) {
        bytes.add(argument instanceof byte[] raw ? raw : Keys.utf8(String.valueOf(argument)));
      }
      connection.sendCommand(command, bytes.toArray(new byte[0][]));
      return connection.getOne();
    } catch (JedisDataException e) {
      return e.getMessage();
    }
  }

  public String text(Command command, Object... arguments) {
    Object reply = command(command, arguments);
    return reply instanceof byte[] bytes
        ? new String(bytes, StandardCharsets.UTF_8)
        : reply instanceof Object[] many ? Arrays.toString(many) : String.valueOf(reply);
  }

  /** A line of INFO, as in {@code used_memory}. */
  String info(String name) {
    return text(Command.INFO, "all")
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).trim())
        .findFirst()
        .orElse("");
  }

  /** Until an answer is right: there is no event to wait for in another process. */
  void await(Predicate<RedisUnderTest> condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holds(condition)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not come to this; INFO: " + text(Command.INFO, "all"));
      }
      Thread.onSpinWait();
    }
  }

  private boolean holds(Predicate<RedisUnderTest> condition) {
    try {
      return condition.test(this);
    } catch (JedisConnectionException e) {
      // A server that changes its part closes connections, ours among them.
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    kill();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
