package org.skymetrics.ui;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.ring.Member;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;

/** The admin HTTP of a ring member, as far as readers ask it; answers what the test says. */
final class FakeMember implements AutoCloseable {
  final List<Batch> batches = new CopyOnWriteArrayList<>();
  final List<Series> keys = new CopyOnWriteArrayList<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  volatile String incarnation = "a1";
  volatile String journal = "0000000000000001";
  volatile byte[] nonsense;
  volatile int status = 200;

  private final String name;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  FakeMember(String name) throws IOException {
    this.name = name;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/batches", exchange -> answer(exchange, batches()));
    server.createContext("/v1/keys", exchange -> answer(exchange, keys(exchange)));
    server.createContext(
        "/status", exchange -> answer(exchange, status().getBytes(StandardCharsets.UTF_8)));
    server.start();
  }

  Member member() {
    int port = server.getAddress().getPort();
    return new Member(name, "127.0.0.1", port, port);
  }

  private String status() {
    return "{\"name\":\"it is me\",\"lanes\":3,\"incarnation\":\"" + journal + "\"}";
  }

  private byte[] batches() {
    ByteWriter out = new ByteWriter(1000);
    batches.forEach(batch -> out.u32(batch.bytes().length).raw(batch.bytes()));
    return out.toBytes();
  }

  private byte[] keys(HttpExchange exchange) {
    int after =
        Math.min(
            keys.size(), Integer.parseInt(exchange.getRequestURI().getQuery().split("=", -1)[1]));
    StringBuilder out = new StringBuilder("{\"incarnation\":\"" + incarnation + "\",\"keys\":[");
    List<Series> more = keys.subList(after, keys.size());
    for (Series series : more) {
      out.append(out.charAt(out.length() - 1) == '[' ? "" : ",");
      out.append("{\"kind\":\"" + series.kind().label() + "\",\"key\":\"" + series.key() + "\"");
      out.append(",\"seenMs\":1700000000000}");
    }
    return (out + "],\"next\":" + keys.size() + "}").getBytes(StandardCharsets.UTF_8);
  }

  private void answer(HttpExchange exchange, byte[] body) throws IOException {
    asked.add(exchange.getRequestURI().toString());
    byte[] bytes = nonsense == null ? body : nonsense;
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
