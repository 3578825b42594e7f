package org.skymetrics.examples;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.skymetrics.client.Gauge;
import org.skymetrics.client.Histogram;
import org.skymetrics.client.Sky;
import org.skymetrics.client.Timer;

/**
 * A small shop, instrumented: what was asked for, with which status and how fast it was answered,
 * how large the answers were and how full the carts are. It shows each way to count. How it is
 * reached is none of its business, so a test needs no network ({@code ShopTest}).
 */
public final class Shop {
  private static final int PRODUCTS = 40;
  private static final double MEAN_WORK_MS = 8;

  private final Sky sky;
  private final SplittableRandom random;
  private final Work work;

  /** Handles: what is counted at each request is found once, here. */
  private final Map<String, Histogram> latencyMs = new TreeMap<>();

  private final Gauge cartItems;
  private final AtomicInteger items = new AtomicInteger();

  /** What takes time in a shop: a database, a payment service. */
  @FunctionalInterface
  public interface Work {
    void take(double milliseconds);
  }

  /**
   * An answer.
   *
   * @param status as in HTTP
   */
  public record Answer(int status, String body) {}

  /**
   * A shop.
   *
   * @param sky the application's client; the shop counts in a scope of its own
   * @param random decides how long things take, and what fails
   */
  public Shop(Sky sky, SplittableRandom random, Work work) {
    // A scope only puts "shop>" in front: nothing of it counts in a key "shop".
    this.sky = sky.scope("shop");
    this.random = random;
    this.work = work;
    for (String route : new String[] {"home", "product", "cart", "checkout", "unknown"}) {
      latencyMs.put(route, this.sky.bindHistogram("latency_ms|" + route));
    }
    this.cartItems = this.sky.bindGauge("cart_items");
  }

  /** Answers a request. */
  @SuppressWarnings("try") // The timer is there to be closed.
  public Answer answer(String method, String path) {
    String route = route(path);
    Answer answer;
    // The timer ends with the block, whatever happens in it; milliseconds go into the histogram.
    try (Timer time = latency(route).start()) {
      answer = serve(route, path);
    }
    // "shop>http_status|200", and with it "shop>http_status"; no String is made for that.
    sky.counterIn("http_status", answer.status());
    sky.counterIn("http_method", method);
    sky.counterIn("requests", route);
    sky.histogram("response_bytes", answer.body().length());
    return answer;
  }

  private Histogram latency(String route) {
    Histogram histogram = latencyMs.get(route);
    return histogram == null ? sky.bindHistogram("latency_ms|" + route) : histogram;
  }

  private static String route(String path) {
    if (path.equals("/")) {
      return "home";
    }
    if (path.startsWith("/product/")) {
      return "product";
    }
    return switch (path) {
      case "/cart" -> "cart";
      case "/checkout" -> "checkout";
      default -> "unknown";
    };
  }

  private Answer serve(String route, String path) {
    work.take(workMs(route));
    return switch (route) {
      case "home" -> new Answer(200, "Welcome. " + PRODUCTS + " products.\n".repeat(20));
      case "product" -> product(path.substring("/product/".length()));
      case "cart" -> cart();
      case "checkout" -> checkout();
      default -> new Answer(404, "There is no such page.\n");
    };
  }

  private Answer product(String number) {
    return number.matches("[0-9]{1,2}") && Integer.parseInt(number) < PRODUCTS
        ? new Answer(
            200, "Product " + number + "\n" + "It is good. ".repeat(number.hashCode() % 60))
        : new Answer(404, "There is no product " + number + ".\n");
  }

  private Answer cart() {
    int now = items.incrementAndGet();
    cartItems.set(now);
    return new Answer(200, "In the carts: " + now + "\n");
  }

  private Answer checkout() {
    if (nextDouble() < 0.03) {
      // A cause as the last segment: the parent counts all failures.
      sky.counter("checkout_failures|payment_refused");
      return new Answer(502, "The payment service did not answer.\n");
    }
    int sold = items.getAndSet(0);
    cartItems.set(0);
    sky.counter("items_sold", sold);
    return new Answer(303, "Thank you.\n");
  }

  /** Most requests are fast, a few are slow. */
  private double workMs(String route) {
    double factor = route.equals("checkout") ? 4 : 1;
    return -Math.log(1 - nextDouble()) * MEAN_WORK_MS * factor;
  }

  private double nextDouble() {
    synchronized (random) {
      return random.nextDouble();
    }
  }
}
