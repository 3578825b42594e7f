package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.embedded.RedisServer;

/** A Redis on loopback, which keeps nothing on disk. */
final class RealRedis implements AutoCloseable {
  private static final int PORT = RunningSky.PORT + 70;

  private final RedisServer server;
  private final Connection connection;

  private RealRedis(RedisServer server) {
    this.server = server;
    connection = new Connection(new HostAndPort("127.0.0.1", PORT));
  }

  static RealRedis start() throws IOException {
    Started.endsWithThis();
    RedisServer server =
        RedisServer.newRedisServer()
            .bind("127.0.0.1")
            .port(PORT)
            .setting("save \"\"")
            .setting("appendonly no")
            .setting("dir " + Path.of(System.getProperty("java.io.tmpdir")))
            .build();
    server.start();
    return new RealRedis(server);
  }

  String address() {
    return "127.0.0.1:" + PORT;
  }

  /** CPU time so far, user and system, in seconds. */
  double cpuSeconds() {
    return info("cpu", "used_cpu_user") + info("cpu", "used_cpu_sys");
  }

  /** The bytes of all its data, without what connections hold. */
  double dataBytes() {
    return info("memory", "used_memory_dataset");
  }

  private double info(String section, String name) {
    connection.sendCommand(Command.INFO, section);
    String text = new String((byte[]) connection.getOne(), StandardCharsets.US_ASCII);
    return text.lines()
        .filter(line -> line.startsWith(name + ":"))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }

  /** The bytes that one key takes, 0 where it is not there. */
  long bytesOf(String key) {
    connection.sendCommand(Command.MEMORY, "USAGE", key, "SAMPLES", "0");
    Object bytes = connection.getOne();
    return bytes == null ? 0 : (Long) bytes;
  }

  @Override
  public void close() throws IOException {
    connection.close();
    server.stop();
  }
}
