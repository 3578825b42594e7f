package org.skymetrics.examples;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * People who visit a shop: a gentle load that comes and goes in waves. They look around, some buy,
 * a few mistype.
 */
public final class Visitors implements AutoCloseable {
  private static final long TICK_MS = 50;
  private static final double MEAN_PER_SECOND = 20;
  private static final double WAVE_MS = 60_000;

  private final String shop;
  private final SplittableRandom random = new SplittableRandom();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Visitors::daemon);
  private double due;

  private Visitors(InetSocketAddress address) {
    this.shop = "http://" + address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /** Begins to visit. */
  public static Visitors start(InetSocketAddress address) {
    Visitors visitors = new Visitors(address);
    var unused =
        visitors.timer.scheduleAtFixedRate(visitors::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    return visitors;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "visitors");
    thread.setDaemon(true);
    return thread;
  }

  private void tick() {
    double wave = 1 + 0.6 * Math.sin(2 * Math.PI * System.currentTimeMillis() / WAVE_MS);
    due += MEAN_PER_SECOND * wave * TICK_MS / 1000;
    for (; due >= 1; due--) {
      visit(path());
    }
  }

  private String path() {
    double what = random.nextDouble();
    if (what < 0.3) {
      return "/";
    }
    if (what < 0.8) {
      // Some numbers are not in stock.
      return "/product/" + random.nextInt(42);
    }
    if (what < 0.92) {
      return "/cart";
    }
    return what < 0.99 ? "/checkout" : "/admin.php";
  }

  private void visit(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(shop + path)).timeout(Duration.ofSeconds(5)).build();
    // Whether it is answered is for the shop to count, not for its visitors.
    CompletableFuture<?> unused = http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
