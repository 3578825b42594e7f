package org.skymetrics.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.skymetrics.cli.answer.Api;

/** How many counts came out: asked of the HTTP API, as anyone can ask it. */
public final class Balance {
  private static final String SERIES = "counter:shop>http_status";

  private final Api api;
  private final long fromSeconds;
  private long before;

  /**
   * @param fromSeconds epoch seconds, from which on to sum
   */
  public Balance(Api api, long fromSeconds) {
    this.api = api;
    this.fromSeconds = fromSeconds;
  }

  /** Takes what is there already, of an earlier run on the same data, for nothing. */
  public void begin() {
    before = total();
  }

  /** How many counts came out since {@link #begin()}. */
  public long out() {
    return total() - before;
  }

  private long total() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("series", SERIES);
    parameters.put("from", Long.toString(fromSeconds));
    parameters.put("to", "now");
    parameters.put("points", "20000");
    return api.get("/api/series", parameters).path("series").path(0).path("total").asLong();
  }

  /** How many keys there are. */
  public long keys() {
    JsonNode status = api.get("/api/status", Map.of());
    return status.path("keys").asLong();
  }
}
