package org.skymetrics.server.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.client.Relay;
import org.skymetrics.client.RelayedSeries;
import org.skymetrics.client.Sky;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.statsd.Refusal;
import org.skymetrics.server.statsd.TextEvent;
import org.skymetrics.server.statsd.TextServiceCheck;
import org.skymetrics.server.statsd.TextSink;
import org.skymetrics.store.annotation.Annotation;

/**
 * Gives what one thread reads from text to a client of the server's ring. A line of a known key
 * allocates nothing.
 */
final class TextFold implements TextSink {
  private static final int KEYS_KNOWN = 1_000_000;

  private final Supplier<Sky> sky;
  private final Supplier<Relay> relay;
  private final TextTime time;
  private final FirstKinds kinds;
  private final RefusedLines refusedLines;
  private final Announcements announcements;
  private final Consumer<Annotation> events;
  private final Counters counters;
  private final KnownKeys keys = new KnownKeys(KEYS_KNOWN);

  private final PlainLines plain = new PlainLines();
  private final @Nullable KnownKey[] found = new @Nullable KnownKey[PlainLines.MOST];
  private final @Nullable RelayedSeries[] ready = new @Nullable RelayedSeries[PlainLines.MOST];

  /** Taken, and not said yet. */
  private long lines;

  /** Of the line at hand. */
  private @Nullable KnownKey key;

  /** Of the line at hand: whether it counts in a period that is over. */
  private boolean isPast;

  private String sender = "";

  TextFold(
      Supplier<Sky> sky,
      Supplier<Relay> relay,
      TextTime time,
      FirstKinds kinds,
      RefusedLines refusedLines,
      Announcements announcements,
      Consumer<Annotation> events,
      Counters counters) {
    this.sky = sky;
    this.relay = relay;
    this.time = time;
    this.kinds = kinds;
    this.refusedLines = refusedLines;
    this.announcements = announcements;
    this.events = events;
    this.counters = counters;
  }

  /** Says whose lines come from now on. */
  void from(String newSender) {
    sender = newSender;
  }

  @Override
  public @Nullable Refusal begin(
      byte[] keyBytes, int keyLength, char type, boolean relative, long timeSeconds) {
    Refusal refusal = refusal(relative, timeSeconds);
    if (refusal != null) {
      return refusal;
    }
    Kind kind = kind(type);
    long hash = KnownKeys.hash(keyBytes, 0, keyLength);
    KnownKey known = keys.find(keyBytes, 0, keyLength, hash);
    if (known == null) {
      if (Key.fault(keyBytes, 0, keyLength) != null) {
        return Refusal.BAD_TAG;
      }
      known = learn(keyBytes, keyLength, hash, kind);
    }
    if (known.firstKind != kind) {
      counters.increment(ServerCounter.TEXT_TYPE_CONFLICTS);
    }
    known.isChanged |= relative;
    key = known;
    lines++;
    return null;
  }

  /**
   * Says how many lines were taken since it did so last: once a packet, for it costs as much as
   * one.
   */
  void sayLines() {
    counters.add(ServerCounter.TEXT_LINES, lines);
    lines = 0;
  }

  @Override
  public int takePlain(byte[] bytes, int from, int to) {
    int read = plain.read(bytes, from, to);
    for (int i = 0; i < read; i++) {
      found[i] = keys.first(plain.hash(i));
    }
    for (int i = 0; i < read; i++) {
      found[i] = keys.find(found[i], bytes, plain.start(i), plain.nameEnd(i), plain.hash(i));
    }
    for (int i = 0; i < read; i++) {
      ready[i] = ready(found[i], plain.kind(i));
    }
    int taken = 0;
    while (taken < read && (takeReady(taken) || takeFound(taken))) {
      taken++;
    }
    lines += taken;
    return plain.start(taken);
  }

  /** What a line of this key counts in, if that is known already. */
  private static @Nullable RelayedSeries ready(@Nullable KnownKey known, Kind kind) {
    if (known == null || !known.isPlain || known.firstKind != kind) {
      return null;
    }
    RelayedSeries series = known.series();
    return series != null && series.isFound() ? series : null;
  }

  private boolean takeReady(int line) {
    RelayedSeries series = ready[line];
    if (series == null) {
      return false;
    }
    if (plain.kind(line) == Kind.HISTOGRAM) {
      series.record(plain.value(line), 1);
    } else if (plain.isWhole(line)) {
      series.count(plain.digits(line));
    } else {
      series.count(plain.value(line));
    }
    return true;
  }

  private boolean takeFound(int line) {
    KnownKey known = found[line];
    if (known == null || !known.isPlain || known.firstKind != plain.kind(line)) {
      return false;
    }
    switch (known.firstKind) {
      case COUNTER, HISTOGRAM -> {
        ready[line] = known.series(relay);
        return takeReady(line);
      }
      case GAUGE -> {
        if (known.isChanged) {
          return false;
        }
        sky.get().gauge(known.name, plain.value(line));
        return true;
      }
      case SET -> {
        return false;
      }
    }
    return false;
  }

  private @Nullable Refusal refusal(boolean relative, long timeSeconds) {
    isPast = false;
    if (timeSeconds != 0) {
      Refusal refusal = time.judge(timeSeconds);
      if (refusal != null) {
        return refusal;
      }
      isPast = !time.isNow(timeSeconds);
    }
    if (relative && isPast) {
      return Refusal.NOT_SUPPORTED;
    }
    return (relative || isPast) && !relay.get().hasRoom() ? Refusal.NO_ROOM : null;
  }

  private static Kind kind(char type) {
    return switch (type) {
      case 'c' -> Kind.COUNTER;
      case 'g' -> Kind.GAUGE;
      case 's' -> Kind.SET;
      default -> Kind.HISTOGRAM;
    };
  }

  private KnownKey learn(byte[] keyBytes, int keyLength, long hash, Kind kind) {
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
    if (isPast) {
      relay.get().count(key().name, n, timeSeconds * 1000);
    } else {
      if (key().firstKind == Kind.COUNTER) {
        key().series(relay).count(n);
      } else {
        sky.get().counter(key().name, n);
      }
    }
  }

  @Override
  public void count(byte[] keyBytes, int keyLength, double value, long timeSeconds) {
    if (isPast) {
      relay.get().count(key().name, value, timeSeconds * 1000);
    } else {
      if (key().firstKind == Kind.COUNTER) {
        key().series(relay).count(value);
      } else {
        sky.get().counter(key().name, value);
      }
    }
  }

  @Override
  public void gauge(
      byte[] keyBytes, int keyLength, double value, boolean relative, long timeSeconds) {
    if (relative) {
      relay.get().change(key().name, value, time.nowMs());
    } else if (isPast || key().isChanged) {
      relay.get().gauge(key().name, value, isPast ? timeSeconds * 1000 : time.nowMs());
    } else {
      sky.get().gauge(key().name, value);
    }
  }

  @Override
  public void sample(byte[] keyBytes, int keyLength, double value, double weight) {
    long times = weight == 1 ? 1 : key().wholeWeight(weight);
    if (key().firstKind == Kind.HISTOGRAM) {
      key().series(relay).record(value, times);
    } else {
      sky.get().histogram(key().name, value, times);
    }
  }

  @Override
  public void member(byte[] keyBytes, int keyLength, byte[] line, int from, int to) {
    sky.get().set(key().name, new String(line, from, to - from, StandardCharsets.UTF_8));
  }

  @Override
  public @Nullable Refusal event(TextEvent event) {
    Annotation annotation = EventAnnotation.of(event, time.nowMs());
    if (annotation == null) {
      return Refusal.BAD_EVENT;
    }
    counters.increment(ServerCounter.EVENTS);
    announcements.add(sender, event);
    events.accept(annotation);
    return null;
  }

  /** Its state is a gauge. */
  @Override
  public @Nullable Refusal serviceCheck(TextServiceCheck check) {
    Refusal refusal = refusal(false, check.timeSeconds());
    if (refusal != null) {
      return refusal;
    }
    counters.increment(ServerCounter.SERVICE_CHECKS);
    announcements.add(sender, check);
    if (isPast) {
      relay.get().gauge(check.key(), check.status(), check.timeSeconds() * 1000);
    } else {
      sky.get().gauge(check.key(), check.status());
    }
    return null;
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
