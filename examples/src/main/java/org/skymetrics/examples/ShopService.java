package org.skymetrics.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.skymetrics.client.Sky;

/**
 * The shop as an HTTP service on loopback. Run it with {@code SKY_RING=127.0.0.1:8125} in the
 * environment, and open {@code http://127.0.0.1:8080/}.
 */
public final class ShopService implements AutoCloseable {
  private static final int THREADS = 8;

  private final Shop shop;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final AtomicLong answered = new AtomicLong();

  private ShopService(Shop shop, HttpServer http) {
    this.shop = shop;
    this.http = http;
  }

  /**
   * Starts a shop.
   *
   * @param port 0 for any free one
   */
  public static ShopService start(Sky sky, int port) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    Shop shop =
        new Shop(
            sky,
            new SplittableRandom(),
            milliseconds -> LockSupport.parkNanos((long) (milliseconds * 1e6)));
    ShopService service = new ShopService(shop, HttpServer.create(address, 0));
    service.http.createContext("/", service::handle);
    service.http.setExecutor(service.threads);
    service.http.start();
    return service;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      Shop.Answer answer =
          shop.answer(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
      answered.incrementAndGet();
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** Where it is reached. */
  public InetSocketAddress address() {
    return http.getAddress();
  }

  /** How many requests it has counted. */
  public long answered() {
    return answered.get();
  }

  @Override
  public void close() {
    http.stop(1);
    threads.shutdown();
  }

  /** Runs the shop, with visitors of its own, until it is ended. */
  public static void main(String[] arguments) throws IOException {
    // Not closed here: the client sends what it still holds when the JVM ends.
    Sky sky = Sky.fromEnvironment();
    ShopService service = start(sky, 8080);
    Visitors.start(service.address());
    System.out.println("The shop is open at http:/" + service.address() + "/");
  }
}
