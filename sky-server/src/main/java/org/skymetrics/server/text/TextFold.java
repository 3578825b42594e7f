package org.skymetrics.server.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.client.Sky;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.statsd.Refusal;
import org.skymetrics.server.statsd.TextEvent;
import org.skymetrics.server.statsd.TextServiceCheck;
import org.skymetrics.server.statsd.TextSink;

/**
 * Gives what one thread reads from text to a client of the server's ring. A line of a known key
 * allocates nothing.
 */
final class TextFold implements TextSink {
  private static final int KEYS_KNOWN = 100_000;

  private final Supplier<Sky> sky;
  private final TextTime time;
  private final FirstKinds kinds;
  private final RefusedLines refusedLines;
  private final Announcements announcements;
  private final Counters counters;
  private final KnownKeys keys = new KnownKeys(KEYS_KNOWN);

  /** Of the line at hand. */
  private @Nullable KnownKey key;

  private String sender = "";

  TextFold(
      Supplier<Sky> sky,
      TextTime time,
      FirstKinds kinds,
      RefusedLines refusedLines,
      Announcements announcements,
      Counters counters) {
    this.sky = sky;
    this.time = time;
    this.kinds = kinds;
    this.refusedLines = refusedLines;
    this.announcements = announcements;
    this.counters = counters;
  }

  /** Says whose lines come from now on. */
  void from(String newSender) {
    sender = newSender;
  }

  @Override
  public @Nullable Refusal begin(
      byte[] keyBytes, int keyLength, char type, boolean relative, long timeSeconds) {
    if (type == 's' || relative) {
      return Refusal.NOT_SUPPORTED;
    }
    Refusal refusal = timeSeconds == 0 ? null : time.judge(timeSeconds);
    if (refusal != null) {
      return refusal;
    }
    Kind kind = type == 'c' ? Kind.COUNTER : type == 'g' ? Kind.GAUGE : Kind.HISTOGRAM;
    int hash = KnownKeys.hash(keyBytes, keyLength);
    KnownKey known = keys.find(keyBytes, keyLength, hash);
    if (known == null) {
      if (Key.fault(keyBytes, 0, keyLength) != null) {
        return Refusal.BAD_TAG;
      }
      known = learn(keyBytes, keyLength, hash, kind);
    }
    if (known.firstKind != kind) {
      counters.increment(ServerCounter.TEXT_TYPE_CONFLICTS);
    }
    key = known;
    counters.increment(ServerCounter.TEXT_LINES);
    return null;
  }

  private KnownKey learn(byte[] keyBytes, int keyLength, int hash, Kind kind) {
    byte[] utf8 = Arrays.copyOf(keyBytes, keyLength);
    String name = new String(utf8, StandardCharsets.UTF_8);
    KnownKey learned = new KnownKey(name, kinds.of(name, kind), utf8, hash);
    if (!keys.add(learned)) {
      counters.increment(ServerCounter.TEXT_KEYS_FORGOTTEN);
    }
    return learned;
  }

  private KnownKey key() {
    return Objects.requireNonNull(key);
  }

  @Override
  public void count(byte[] keyBytes, int keyLength, long n, long timeSeconds) {
    sky.get().counter(key().name, n);
  }

  @Override
  public void count(byte[] keyBytes, int keyLength, double value, long timeSeconds) {
    sky.get().counter(key().name, value);
  }

  @Override
  public void gauge(
      byte[] keyBytes, int keyLength, double value, boolean relative, long timeSeconds) {
    sky.get().gauge(key().name, value);
  }

  @Override
  public void sample(byte[] keyBytes, int keyLength, double value, double weight) {
    if (weight == 1) {
      sky.get().histogram(key().name, value);
    } else {
      sky.get().histogram(key().name, value, key().wholeWeight(weight));
    }
  }

  /** Never told: {@link #begin} refuses sets. */
  @Override
  public void member(byte[] keyBytes, int keyLength, byte[] line, int from, int to) {
    throw new IllegalStateException("a set was refused, and is told all the same");
  }

  @Override
  public void event(TextEvent event) {
    counters.increment(ServerCounter.EVENTS);
    announcements.add(sender, event);
  }

  @Override
  public void serviceCheck(TextServiceCheck check) {
    counters.increment(ServerCounter.SERVICE_CHECKS);
    announcements.add(sender, check);
  }

  @Override
  public void refused(Refusal reason, byte[] line, int from, int to) {
    counters.increment(ServerCounter.of(reason));
    refusedLines.add(sender, reason, line, from, to);
  }

  @Override
  public void unknownField() {
    counters.increment(ServerCounter.TEXT_UNKNOWN_FIELDS);
  }
}
