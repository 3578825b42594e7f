package org.skymetrics.server.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.client.PlacedCounter;
import org.skymetrics.client.Relay;
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

  /** Some eight for each of the keys. */
  private static final int COUNTER_LONGS = 8 << 20;

  /** A client harvests what it has retired for a minute more. */
  private static final long DROP_RETIRED_NS = 10_000_000_000L;

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
  private final PlainCounters plainCounters = new PlainCounters(COUNTER_LONGS);
  private final long[] slots = new long[PlainLines.MOST];
  private final int[] places = new int[PlainLines.MOST];
  private final long[] heads = new long[PlainLines.MOST];
  private long retirementsSeen;
  private long retiredDroppedNs;

  /** Kept so that no compiler leaves out what was looked at. */
  @SuppressWarnings("UnusedVariable")
  private long looked;

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
    this.retiredDroppedNs = time.monotonicNs();
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
    long hash = NameHash.of(keyBytes, 0, keyLength);
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

  /** In steps over all lines, so that what they need of memory is asked for at once. */
  @Override
  public int takePlain(byte[] bytes, int from, int to) {
    int read = plain.read(bytes, from, to);
    dropRetired();
    if (!findCounters(read)) {
      lookAtOthers(read);
    }
    int taken = 0;
    while (taken < read && (takePlaced(bytes, taken) || takeKnown(bytes, taken))) {
      taken++;
    }
    lines += taken;
    return plain.start(taken);
  }

  /** Finds where lines count that do no more than that; whether all of them are such. */
  private boolean findCounters(int read) {
    for (int i = 0; i < read; i++) {
      slots[i] = plainCounters.slot(plain.hash(i));
    }
    boolean all = true;
    for (int i = 0; i < read; i++) {
      boolean counts = plain.kind(i) == Kind.COUNTER && plain.isWhole(i);
      int place = counts ? plainCounters.place(slots[i], plain.hash(i)) : PlainCounters.NONE;
      places[i] = place;
      all &= place != PlainCounters.NONE;
    }
    for (int i = 0; i < read; i++) {
      heads[i] = places[i] == PlainCounters.NONE ? 0 : plainCounters.head(places[i]);
    }
    return all;
  }

  /** Looks at what other lines will count in, no more: to keep references would cost more. */
  private void lookAtOthers(int read) {
    long sum = 0;
    for (int i = 0; i < read; i++) {
      KnownKey first = places[i] == PlainCounters.NONE ? keys.first(plain.hash(i)) : null;
      sum += first == null ? 0 : first.look();
    }
    looked = sum;
  }

  /** Takes a line of a counter that is known. */
  private boolean takePlaced(byte[] bytes, int line) {
    if (places[line] == PlainCounters.NONE) {
      return false;
    }
    return plainCounters.add(
        places[line],
        heads[line],
        bytes,
        plain.start(line),
        plain.nameEnd(line),
        plain.hash(line),
        plain.digits(line));
  }

  /** Takes a line of a key that is known. */
  private boolean takeKnown(byte[] bytes, int line) {
    long hash = plain.hash(line);
    KnownKey known =
        keys.find(keys.first(hash), bytes, plain.start(line), plain.nameEnd(line), hash);
    if (known == null || !known.isPlain || known.firstKind != plain.kind(line)) {
      return false;
    }
    switch (known.firstKind) {
      case COUNTER -> {
        if (plain.isWhole(line)) {
          countPlaced(known, plain.digits(line));
        } else {
          known.series(relay).count(plain.value(line));
        }
        return true;
      }
      case HISTOGRAM -> {
        known.series(relay).record(plain.value(line), 1);
        return true;
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

  /** Counts in a key that was found by its name, and gives it a place for plain lines. */
  private void countPlaced(KnownKey known, long n) {
    long hash = known.hash();
    if (plainCounters.place(plainCounters.slot(hash), hash) != PlainCounters.NONE) {
      if (!known.countPlaced(n)) {
        // The place is of another name.
        known.series(relay).count(n);
      }
      return;
    }
    byte[] name = known.utf8();
    if (!plainCounters.prepare(name.length)) {
      counters.increment(ServerCounter.TEXT_KEYS_FORGOTTEN);
      plainCounters.clear();
      Arrays.fill(places, PlainCounters.NONE);
      plainCounters.prepare(name.length);
    }
    PlacedCounter counter =
        relay.get().count(known.name, n, plainCounters.freshPage(), plainCounters.freshTotal());
    if (counter != null) {
      plainCounters.put(name, hash, counter);
      known.placed(counter);
    }
  }

  private void dropRetired() {
    if (plainCounters.size() == 0) {
      return;
    }
    long retirements = relay.get().retirements();
    if (retirements != retirementsSeen && time.monotonicNs() - retiredDroppedNs > DROP_RETIRED_NS) {
      retirementsSeen = retirements;
      retiredDroppedNs = time.monotonicNs();
      plainCounters.dropRetired();
    }
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
      KnownKey known = key();
      if (known.firstKind != Kind.COUNTER) {
        sky.get().counter(known.name, n);
      } else if (known.isPlain) {
        countPlaced(known, n);
      } else {
        known.series(relay).count(n);
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
