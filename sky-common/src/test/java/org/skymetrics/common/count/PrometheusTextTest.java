package org.skymetrics.common.count;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PrometheusTextTest {
  @Test
  void shouldTellNameTypeAndDescriptionBeforeEachValue() {
    String text =
        new PrometheusText()
            .counter("sky_store_retry", "calls made again", 3)
            .gauge("sky_ui_keys", "keys in the index", 7)
            .gauge("sky_server_uptime_seconds", "time", 1.5)
            .toString();

    assertThat(text.lines())
        .containsExactly(
            "# HELP sky_store_retry_total calls made again",
            "# TYPE sky_store_retry_total counter",
            "sky_store_retry_total 3",
            "# HELP sky_ui_keys keys in the index",
            "# TYPE sky_ui_keys gauge",
            "sky_ui_keys 7",
            "# HELP sky_server_uptime_seconds time",
            "# TYPE sky_server_uptime_seconds gauge",
            "sky_server_uptime_seconds 1.5");
  }
}
