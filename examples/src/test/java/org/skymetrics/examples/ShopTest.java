package org.skymetrics.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.skymetrics.client.Recording;
import org.skymetrics.client.Sky;

/** What a user's own test of what is counted looks like: no server, no network, no waiting. */
final class ShopTest {
  private final Recording counted = Sky.recording();
  private final Shop shop = new Shop(counted.sky(), new SplittableRandom(1), milliseconds -> {});

  @Test
  void shouldCountAnswersByTheirStatus() {
    shop.answer("GET", "/");
    shop.answer("GET", "/product/7");
    shop.answer("GET", "/product/99");

    assertThat(counted.count("shop>http_status|200")).isEqualTo(2);
    assertThat(counted.count("shop>http_status|404")).isEqualTo(1);
  }

  @Test
  void shouldCountMethodsAndRoutes() {
    shop.answer("GET", "/nowhere");
    shop.answer("POST", "/cart");

    assertThat(counted.count("shop>http_method|POST")).isEqualTo(1);
    assertThat(counted.count("shop>requests|unknown")).isEqualTo(1);
    assertThat(counted.count("shop>requests|cart")).isEqualTo(1);
  }

  @Test
  void shouldTimeEachRequest() {
    shop.answer("GET", "/");
    shop.answer("GET", "/");

    assertThat(counted.samples("shop>latency_ms|home")).isEqualTo(2);
    assertThat(counted.samples("shop>response_bytes")).isEqualTo(2);
  }

  @Test
  void shouldShowHowFullTheCartsAre() {
    shop.answer("POST", "/cart");
    shop.answer("POST", "/cart");
    assertThat(counted.gauge("shop>cart_items")).isEqualTo(2);

    // Of two values of a gauge the later one is the last; time stands still until it is moved.
    counted.clock().advance(Duration.ofSeconds(1));
    while (shop.answer("POST", "/checkout").status() != 303) {
      // The payment service fails now and then.
    }
    assertThat(counted.gauge("shop>cart_items")).isZero();
    assertThat(counted.count("shop>items_sold")).isEqualTo(2);
  }
}
