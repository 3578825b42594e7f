package org.skymetrics.store.redis;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/** A real Redis on a free port of loopback, that keeps nothing on disk. */
final class RedisUnderTest implements AutoCloseable {
  private final List<String> settings;
  private final int port;
  private @Nullable RedisServer server;

  private RedisUnderTest(int port, List<String> settings) {
    this.port = port;
    this.settings = settings;
  }

  static RedisUnderTest launch(String... settings) throws IOException {
    RedisUnderTest redis = new RedisUnderTest(freePort(), List.of(settings));
    redis.start();
    return redis;
  }

  /**
   * A port that nobody listens on, below those that systems give to outgoing connections: it stays
   * free until it is used, and while a Redis is stopped.
   */
  static int freePort() throws IOException {
    for (int tries = 0; ; tries++) {
      int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException e) {
        if (tries == 100) {
          throw e;
        }
      }
    }
  }

  void start() throws IOException {
    RedisServerBuilder builder =
        RedisServer.newRedisServer()
            .bind("127.0.0.1")
            .port(port)
            .setting("save \"\"")
            .setting("appendonly no")
            .setting("dir " + Path.of(System.getProperty("java.io.tmpdir")));
    settings.forEach(builder::setting);
    RedisServer started = builder.build();
    started.start();
    server = started;
  }

  void stop() throws IOException {
    RedisServer running = server;
    server = null;
    if (running != null) {
      running.stop();
    }
  }

  int port() {
    return port;
  }

  RedisOptions options() {
    return RedisOptions.parse("127.0.0.1:" + port);
  }

  /** Runs one command, as an operator would. */
  Object command(Command command, Object... arguments) {
    try (Connection connection = new Connection(new HostAndPort("127.0.0.1", port))) {
      List<byte[]> bytes = new ArrayList<>();
      for (Object argument : arguments) {
        bytes.add(argument instanceof byte[] raw ? raw : Keys.utf8(String.valueOf(argument)));
      }
      connection.sendCommand(command, bytes.toArray(new byte[0][]));
      return connection.getOne();
    }
  }

  String text(Command command, Object... arguments) {
    Object reply = command(command, arguments);
    return reply instanceof byte[] bytes
        ? new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
        : reply instanceof Object[] many ? Arrays.toString(many) : String.valueOf(reply);
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}
