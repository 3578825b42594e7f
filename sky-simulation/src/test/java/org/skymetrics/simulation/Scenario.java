package org.skymetrics.simulation;

import java.time.Duration;
import java.util.Random;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.journal.JournalSync;
import org.skymetrics.store.period.Layout;

/**
 * What a seed draws before anything happens.
 *
 * @param sync when journals are forced
 * @param machinesCrash whether a server's machine may crash, and what it had not forced be gone
 * @param disksBurn whether a server may lose its journal directory
 * @param clocksStep whether clocks are wrong and stepped; if not, periods are checked (I7)
 * @param lateHorizon after how long a count is late
 * @param riakKeepsSeen whether a put that has not seen all siblings leaves all
 * @param active how long there are faults
 */
record Scenario(
    long seed,
    int servers,
    int clients,
    int rollups,
    Layout layout,
    JournalSync sync,
    boolean machinesCrash,
    boolean disksBurn,
    boolean clocksStep,
    Duration lateHorizon,
    boolean riakKeepsSeen,
    Duration active) {
  private static final Duration FOREVER = Duration.ofHours(24);

  static Scenario of(long seed) {
    Random random = new Random(seed * 0x9e3779b97f4a7c15L + 1);
    int character = random.nextInt(12);
    boolean loses = character == 0;
    boolean burns = character == 1;
    boolean late = character == 2;
    boolean crashes = loses || random.nextInt(3) == 0;
    Period period = random.nextInt(4) == 0 ? Period.ONE_SECOND : Period.TEN_SECONDS;
    JournalSync sync = random.nextBoolean() ? JournalSync.NONE : JournalSync.EVERY_SECOND;
    return new Scenario(
        seed,
        1 + random.nextInt(3),
        1 + random.nextInt(3),
        1 + random.nextInt(3),
        new Layout(period, 1 + random.nextInt(3)),
        crashes && !loses ? JournalSync.EACH : sync,
        crashes,
        burns,
        period == Period.ONE_SECOND || random.nextInt(3) == 0,
        late ? period.length().multipliedBy(2) : FOREVER,
        random.nextBoolean(),
        Duration.ofSeconds(
            period == Period.ONE_SECOND ? 15 + random.nextInt(15) : 30 + random.nextInt(40)));
  }

  /**
   * Whether each count that was accepted is in history at the end, but for those of dead clients.
   */
  boolean isExact() {
    return !disksBurn && !losesUnforced();
  }

  /** Whether what was acknowledged may be gone when a machine crashes. */
  boolean losesUnforced() {
    return machinesCrash && sync != JournalSync.EACH;
  }

  boolean hasLate() {
    return lateHorizon.compareTo(FOREVER) < 0;
  }
}
