package org.skymetrics.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
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

  private final SplittableRandom random;
  private final List<Part> parts = new ArrayList<>();
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

  Chaos(long seed) {
    random = new SplittableRandom(seed);
  }

  void mayBreak(String part, Fault... faults) {
    parts.add(new Part(part, List.of(faults)));
  }

  /** Goes on for so long, and leaves some parts broken. */
  void runFor(Duration length) throws IOException {
    long end = System.nanoTime() + length.toNanos();
    while (System.nanoTime() < end) {
      List<Part> broken = parts.stream().filter(part -> part.broken != null).toList();
      List<Part> whole = parts.stream().filter(part -> part.broken == null).toList();
      // Three to two for mending: so most parts are whole, and rarely all of them.
      if (whole.isEmpty() || !broken.isEmpty() && random.nextInt(5) < 3) {
        mend(broken.get(random.nextInt(broken.size())));
      } else {
        breakIt(whole.get(random.nextInt(whole.size())));
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

  private void breakIt(Part part) throws IOException {
    Fault fault = part.faults.get(random.nextInt(part.faults.size()));
    fault.breaking.run();
    part.broken = fault;
    done.merge(fault.name, 1, Integer::sum);
    course.add(part.name + " " + fault.name);
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
