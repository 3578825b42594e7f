package org.skymetrics.server.admin;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a server says of itself. Safe from any thread; does not block. */
public interface Vitals {
  /** Why it is not ready, a sentence; null where it is. */
  @Nullable String notReady();

  /** The answer to {@code /status}. */
  CompletableFuture<JsonObject> status();

  /** The sessions heard of last, and what became of their packets. */
  CompletableFuture<JsonObject> sessions(int limit);

  /** Who harms others. */
  JsonObject offenders();

  /** What {@code /metrics} shows besides the counters. */
  CompletableFuture<List<Gauge>> gauges();
}
