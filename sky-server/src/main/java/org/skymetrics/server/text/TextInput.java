package org.skymetrics.server.text;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.client.ClientCounter;
import org.skymetrics.client.Relay;
import org.skymetrics.client.Sky;
import org.skymetrics.client.Stats;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Offenders;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.statsd.Dialect;
import org.skymetrics.store.annotation.Annotation;

/**
 * All text that comes into a server, whatever the way: what its threads share, and the client of
 * the ring that they count with. The client is made with the first line, so a server without text
 * has none. Safe from any thread.
 */
public final class TextInput implements AutoCloseable {
  private final TextConfig config;
  private final Supplier<Sky> opening;
  private final Consumer<Annotation> events;
  private final Counters counters;
  private final TextTime time;
  private final FirstKinds kinds;
  private final RefusedLines refusedLines;
  private final Announcements announcements;
  private final Period period;
  private volatile @Nullable Sky sky;
  private volatile @Nullable Relay relay;
  private volatile boolean stopping;
  private boolean closed;

  /**
   * An input.
   *
   * @param keyLimit keys at most whose first kind is remembered
   * @param opening makes the client; called once at most
   * @param events takes what events say, as annotations
   */
  public TextInput(
      TextConfig config,
      Period period,
      Duration lateHorizon,
      int keyLimit,
      Supplier<Sky> opening,
      Consumer<Annotation> events,
      Clock clock,
      Offenders offenders,
      Counters counters) {
    this.config = config;
    this.opening = opening;
    this.events = events;
    this.counters = counters;
    this.period = period;
    this.time = new TextTime(period, lateHorizon, clock);
    this.kinds = new FirstKinds(keyLimit);
    this.refusedLines = new RefusedLines(clock, offenders);
    this.announcements = new Announcements(clock);
  }

  /** What one thread does with text of this dialect. */
  public TextIntake newIntake(Dialect dialect) {
    return new TextIntake(
        dialect,
        config.from(),
        () -> stopping,
        new TextFold(
            this::sky, this::relay, time, kinds, refusedLines, announcements, events, counters),
        counters);
  }

  private Sky sky() {
    Sky open = sky;
    return open == null ? open() : open;
  }

  private Relay relay() {
    Relay made = relay;
    if (made == null) {
      made = Relay.of(sky(), period);
      relay = made;
    }
    return made;
  }

  private synchronized Sky open() {
    Sky open = sky;
    if (open == null) {
      open = closed ? Sky.disabled() : opening.get();
      sky = open;
    }
    return open;
  }

  /** Takes no more packets, from now on; one that a thread is at is read to its end. */
  public void stop() {
    stopping = true;
  }

  /** Sends what was counted and waits for a while until it has arrived. */
  @Override
  public synchronized void close() {
    stopping = true;
    closed = true;
    Sky open = sky;
    if (open != null) {
      open.close();
      counters.add(
          ServerCounter.TEXT_COUNTS_LEFT, open.stats().get(ClientCounter.COUNTS_LEFT_AT_CLOSE));
    }
  }

  /** What {@code /status} says of text. */
  public JsonObject status() {
    JsonObject json =
        new JsonObject()
            .put("refusedLines", refusedLines.toJson())
            .put("announcements", announcements.toJson());
    Sky open = sky;
    return open == null ? json : json.put("forwarded", forwarded(open.stats()));
  }

  private static JsonObject forwarded(Stats stats) {
    return new JsonObject()
        .put("acceptedCounts", stats.acceptedCounts())
        .put("acknowledgedCounts", stats.acknowledgedCounts())
        .put("series", stats.series())
        .put("overKeyLimit", stats.get(ClientCounter.OVER_LIMIT))
        .put("ambiguousCounts", stats.get(ClientCounter.COUNTS_AMBIGUOUS));
  }
}
