package org.skymetrics.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Time, and all that is to happen, in order. What happened is hashed into a digest, so that two
 * runs can be told apart by one number; the lines themselves are kept only where they are wanted.
 *
 * <p>Whoever waits in the middle of something, for a store to answer, lets the rest of the world go
 * on by {@link #runUntil} from within an event.
 */
final class Timeline {
  private static final int MAX_EVENTS = 2_000_000;

  private record Event(long atNs, long order, Runnable action) {}

  /** Something that must be true is not. */
  static final class Broken extends AssertionError {
    private static final long serialVersionUID = 1;

    Broken(String message) {
      super(message);
    }
  }

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::atNs).thenComparingLong(Event::order));
  private final boolean keepsLines;
  private final List<String> lines = new ArrayList<>();
  private long nowNs;
  private long order;
  private long happened;
  private long digest = 0xcbf29ce484222325L;
  private Broken broken;

  Timeline(boolean keepsLines) {
    this.keepsLines = keepsLines;
  }

  long nowNs() {
    return nowNs;
  }

  void in(long delayNs, Runnable action) {
    events.add(new Event(nowNs + delayNs, order++, action));
  }

  /** Lets all happen that is due up to this moment. */
  void runUntil(long endNs) {
    while (!events.isEmpty() && events.peek().atNs <= endNs) {
      Event event = events.remove();
      nowNs = Math.max(nowNs, event.atNs);
      if (++happened > MAX_EVENTS) {
        fail("more than " + MAX_EVENTS + " events: something turns in circles");
      }
      event.action.run();
      throwIfBroken();
    }
    nowNs = Math.max(nowNs, endNs);
  }

  void trace(String what, long a, long b) {
    mix(nowNs);
    mix(what.hashCode());
    mix(a);
    mix(b);
    if (keepsLines) {
      lines.add(String.format("%14.6f %s %x %x", nowNs / 1e9, what, a, b));
    }
  }

  private void mix(long value) {
    long z = (digest ^ value) * 0x9e3779b97f4a7c15L;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    digest = z ^ z >>> 31;
  }

  /** Ends the run. Noted as well as thrown: it may be thrown into code that catches everything. */
  Broken fail(String message) {
    if (broken == null) {
      broken = new Broken(message);
    }
    throw broken;
  }

  void throwIfBroken() {
    if (broken != null) {
      throw broken;
    }
  }

  /** A number that follows from all that happened. */
  long digest() {
    return digest;
  }

  long happened() {
    return happened;
  }

  List<String> lines() {
    return lines;
  }
}
