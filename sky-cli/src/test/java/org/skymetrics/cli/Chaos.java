package org.skymetrics.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Breaks the parts of a running system and mends them again, one step after the other: which part,
 * in which way and after which pause, a seed says. Now and then several are broken at a time.
 */
final class Chaos {
  private static final int MIN_PAUSE_MS = 200;
  private static final int MAX_PAUSE_MS = 1200;

  private final Random random;
  private final List<Part> parts = new ArrayList<>();

  /** What is yet to come before all comes again, in another order: so in the end all was there. */
  private final List<Move> deck = new ArrayList<>();

  private final Map<String, Integer> done = new TreeMap<>();
  private final List<String> course = new ArrayList<>();

  /** What is done to something that runs elsewhere. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  /** One way in which a part breaks, and how it is mended. */
  record Fault(String name, Step breaking, Step mending) {}

  private static final class Part {
    private final String name;
    private final List<Fault> faults;
    private @Nullable Fault broken;

    Part(String name, List<Fault> faults) {
      this.name = name;
      this.faults = faults;
    }
  }

  private record Move(Part part, Fault fault) {}

  Chaos(long seed) {
    random = new Random(seed);
  }

  void mayBreak(String part, Fault... faults) {
    parts.add(new Part(part, List.of(faults)));
  }

  /** Goes on for so long, and leaves some parts broken. */
  void runFor(Duration length) throws IOException {
    long end = System.nanoTime() + length.toNanos();
    while (System.nanoTime() < end) {
      List<Part> broken = parts.stream().filter(part -> part.broken != null).toList();
      // Three to two for mending: so most parts are whole, and rarely all of them.
      if (!broken.isEmpty() && (broken.size() == parts.size() || random.nextInt(5) < 3)) {
        mend(broken.get(random.nextInt(broken.size())));
      } else {
        breakOne();
      }
      LockSupport.parkNanos(
          TimeUnit.MILLISECONDS.toNanos(random.nextInt(MIN_PAUSE_MS, MAX_PAUSE_MS)));
    }
  }

  void mendAll() throws IOException {
    for (Part part : parts) {
      mend(part);
    }
  }

  private void breakOne() throws IOException {
    if (deck.stream().allMatch(move -> move.part.broken != null)) {
      parts.forEach(part -> part.faults.forEach(fault -> deck.add(new Move(part, fault))));
      Collections.shuffle(deck, random);
    }
    Move next = deck.stream().filter(move -> move.part.broken == null).findFirst().orElseThrow();
    deck.remove(next);
    next.fault.breaking.run();
    next.part.broken = next.fault;
    done.merge(next.fault.name, 1, Integer::sum);
    course.add(next.part.name + " " + next.fault.name);
  }

  private void mend(Part part) throws IOException {
    Fault fault = part.broken;
    if (fault != null) {
      fault.mending.run();
      part.broken = null;
      course.add(part.name + " mended");
    }
  }

  /** How often each fault was. */
  Map<String, Integer> done() {
    return done;
  }

  /** All that was done, in order. */
  @Override
  public String toString() {
    return String.join(", ", course);
  }
}
