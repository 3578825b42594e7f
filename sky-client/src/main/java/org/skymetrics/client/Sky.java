package org.skymetrics.client;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Period;

/**
 * A client of Sky: counts, gauges and histograms of an application, folded here and sent to the
 * ring twice a second.
 *
 * <pre>{@code
 * Sky sky = Sky.connect("sky-1:8125,sky-2:8125");
 * sky.counter("http_status|200");
 * sky.counterIn("http_status", response.status());
 * sky.histogram("db_ms", 1.7);
 * try (Timer t = sky.timer("render_ms")) { render(); }
 * }</pre>
 *
 * <p>Safe from any thread. No call throws, blocks or, for a key that is known, allocates; what
 * can't be counted is refused by cause, see {@link #stats()}. Keep one client for the life of the
 * process. A key is 1 to 500 bytes of UTF-8 without control characters, in segments parted by
 * {@code |} (which aggregates: {@code a|b} counts in {@code a} too) and {@code >} (which only
 * scopes), none of them empty.
 */
public final class Sky implements AutoCloseable {
  private static final Sky DISABLED = new Sky(null, null);

  private final @Nullable Core core;
  private final @Nullable Recorder recorder;

  /** The scopes asked for in this one, so that asking again makes nothing. */
  private final Map<String, Sky> scopes = new ConcurrentHashMap<>();

  Sky(@Nullable Core core, @Nullable Recorder recorder) {
    this.core = core;
    this.recorder = recorder;
  }

  @Nullable Recorder recorder() {
    return recorder;
  }

  @Nullable Core core() {
    return core;
  }

  /**
   * A client of the ring that these servers, {@code host:port} parted by commas, belong to. It
   * connects by itself, now or when they are there.
   *
   * @throws IllegalArgumentException where the text is not of that form
   */
  public static Sky connect(String servers) {
    return builder().servers(servers).build();
  }

  /** A client with settings of its own. */
  public static SkyBuilder builder() {
    return new SkyBuilder();
  }

  /**
   * A client set up by the environment: {@code SKY_RING} (servers as for {@link #connect}), {@code
   * SKY_FLUSH_INTERVAL_MS}, {@code SKY_KEY_LIMIT}, {@code SKY_PERIOD} (60s, 10s or 1s, until a
   * server says the ring's), {@code SKY_SECRET_FILE} (see {@link SkyBuilder#secretFile}). Without
   * SKY_RING a disabled one. A setting that can't be read is logged and left at its default, but
   * for the secret: without it nothing would be sealed, so nothing is sent. Nothing here fails the
   * application.
   */
  public static Sky fromEnvironment() {
    return from(System.getenv());
  }

  static Sky from(Map<String, String> environment) {
    String ring = environment.get("SKY_RING");
    if (ring == null || ring.isBlank()) {
      System.getLogger("org.skymetrics.client")
          .log(Level.INFO, "Sky: SKY_RING is not set, so nothing is counted");
      return disabled();
    }
    SkyBuilder builder = builder();
    set(
        builder,
        environment,
        "SKY_FLUSH_INTERVAL_MS",
        (b, v) -> b.flushInterval(Duration.ofMillis(Long.parseLong(v))));
    set(builder, environment, "SKY_KEY_LIMIT", (b, v) -> b.keyLimit(Integer.parseInt(v)));
    set(
        builder,
        environment,
        "SKY_PERIOD",
        (b, v) -> b.assumedPeriod(Period.parse(v.toLowerCase(Locale.ROOT))));
    set(builder, environment, "SKY_RING", SkyBuilder::servers);
    return setSecret(builder, environment) ? builder.build() : disabled();
  }

  /** Whether packets can be sealed where they are to be. */
  private static boolean setSecret(SkyBuilder builder, Map<String, String> environment) {
    String file = environment.get("SKY_SECRET_FILE");
    try {
      if (file != null && !file.isBlank()) {
        builder.secretFile(Path.of(file.trim()));
      }
      return true;
    } catch (IllegalArgumentException e) {
      System.getLogger("org.skymetrics.client")
          .log(Level.ERROR, "Sky: nothing is counted: {0}", e.getMessage());
      return false;
    }
  }

  private static void set(
      SkyBuilder builder,
      Map<String, String> environment,
      String name,
      BiConsumer<SkyBuilder, String> setting) {
    String value = environment.get(name);
    if (value != null) {
      try {
        setting.accept(builder, value.trim());
      } catch (IllegalArgumentException e) {
        System.getLogger("org.skymetrics.client")
            .log(Level.WARNING, "Sky: {0}=\"{1}\" is left aside: {2}", name, value, e.getMessage());
      }
    }
  }

  /** A client that does nothing. */
  public static Sky disabled() {
    return DISABLED;
  }

  /** A client for tests: sends nothing, and what was counted can be read. */
  public static Recording recording() {
    return new Recording(false);
  }

  /** Counts one. */
  public void counter(String key) {
    counter(key, 1);
  }

  /** Counts {@code n}, which may be negative. */
  public void counter(String key, long n) {
    Recorder r = recorder;
    if (r != null) {
      r.count(key, n);
    }
  }

  /**
   * Counts a finite number that need not be whole. The whole part adds up exactly, what is beside
   * it as doubles do.
   */
  public void counter(String key, double value) {
    Recorder r = recorder;
    if (r != null) {
      r.count(key, value);
    }
  }

  /** Counts one in {@code name|last}, without making that String. */
  public void counterIn(String name, long last) {
    Recorder r = recorder;
    if (r != null) {
      r.countIn(name, last);
    }
  }

  /** Counts one in {@code name|last}, without making that String. */
  public void counterIn(String name, String last) {
    Recorder r = recorder;
    if (r != null) {
      r.countIn(name, last);
    }
  }

  /** Sets a gauge to a finite value. */
  public void gauge(String key, double value) {
    Recorder r = recorder;
    if (r != null) {
      r.gauge(key, value);
    }
  }

  /** Takes a finite value into a histogram, in a unit of the caller's choice. */
  public void histogram(String key, double value) {
    Recorder r = recorder;
    if (r != null) {
      r.histogram(key, value);
    }
  }

  /**
   * Takes a finite value into a histogram {@code times} times over, as a sample that stands for so
   * many; of fewer than one nothing is taken.
   */
  public void histogram(String key, double value, long times) {
    Recorder r = recorder;
    if (r != null && times > 0) {
      r.histogram(key, value, times);
    }
  }

  /**
   * Adds a member to a set, which tells how many distinct ones there were: exactly up to 100,
   * within 2 % beyond. Members are told apart by a 64-bit hash and not kept.
   */
  public void set(String key, String member) {
    Recorder r = recorder;
    if (r != null) {
      r.set(key, member);
    }
  }

  /** Starts a timer: its close() takes the milliseconds since into the histogram of this key. */
  public Timer timer(String key) {
    return new Timer(null, this, key);
  }

  /**
   * This client with {@code name>} before all keys. The same object for the same name: call it as
   * often as you like.
   */
  public Sky scope(String name) {
    Core c = core;
    Recorder r = recorder;
    if (c == null || r == null) {
      return this;
    }
    // A name that is null is refused with each key, as an empty one is.
    String checked = Objects.requireNonNullElse(name, "");
    Sky known = scopes.get(checked);
    return known == null ? addScope(c, r, checked) : known;
  }

  private Sky addScope(Core c, Recorder r, String name) {
    Sky scope = c.scope(r.prefix() + name + '>');
    if (scope != DISABLED) {
      scopes.put(name, scope);
    }
    return scope;
  }

  /** A counter held by its key: the fastest way to count. */
  public Counter bindCounter(String key) {
    return new Counter(recorder, key);
  }

  /** A gauge held by its key. */
  public Gauge bindGauge(String key) {
    return new Gauge(recorder, key);
  }

  /** A histogram held by its key. */
  public Histogram bindHistogram(String key) {
    return new Histogram(recorder, key);
  }

  /** What was accepted, sent, acknowledged and refused since the start; of all scopes. */
  public Stats stats() {
    Core c = core;
    return c == null ? new Stats(0, 0, 0, 0, 0, Map.of()) : c.stats();
  }

  /**
   * Sends what was accepted so far and waits until it is acknowledged.
   *
   * @return whether all of it was, in time
   */
  public boolean awaitAcknowledged(Duration timeout) {
    Core c = core;
    return c == null || c.awaitAcknowledged(timeout);
  }

  /**
   * Sends what was accepted, waits for its acknowledgement up to the close timeout, and ends the
   * client; of all scopes.
   */
  @Override
  public void close() {
    Core c = core;
    if (c != null) {
      c.close();
    }
  }
}
