package org.skymetrics.cli;

import java.io.IOException;
import java.nio.file.Path;
import redis.embedded.RedisServer;

/** A real Redis on loopback, which keeps nothing on disk. */
final class TestRedis implements AutoCloseable {
  private final int port;
  private final RedisServer server;

  private TestRedis(int port, RedisServer server) {
    this.port = port;
    this.server = server;
  }

  static TestRedis start(int port) throws IOException {
    RedisServer server =
        RedisServer.newRedisServer()
            .bind("127.0.0.1")
            .port(port)
            .setting("save \"\"")
            .setting("appendonly no")
            .setting("dir " + Path.of(System.getProperty("java.io.tmpdir")))
            .build();
    server.start();
    return new TestRedis(port, server);
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() throws IOException {
    server.stop();
  }
}
