package org.skymetrics.server.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.batch.Series;

/**
 * What one receiving thread has counted of watched series since it was last cut. One writer.
 *
 * <p>Packets say in which period their counts happened, not in which second. What is of the running
 * period goes into the second that is open; what is of a period before belongs to that one's last
 * second, and of one to come, to its first: so the seconds of a period always add up to it.
 */
public final class WatchTable {
  private final Period period;
  private final Map<Series, WatchedCells> watched = new HashMap<>();
  private long openSecond;
  private long openPeriodMs;

  /** What a series has, in part, in a second that is over. */
  public record SecondCell(long second, Series series, Cell cell) {}

  public WatchTable(Period period, long nowMs) {
    this.period = period;
    open(Math.floorDiv(nowMs, 1000));
  }

  private void open(long second) {
    openSecond = second;
    openPeriodMs = period.startOf(second * 1000);
  }

  public boolean isEmpty() {
    return watched.isEmpty();
  }

  /** Where a series' counts go besides; null where nobody watches it. */
  public @Nullable WatchedCells of(Series series) {
    return watched.get(series);
  }

  /** Begins to keep a series. */
  public WatchedCells watch(Series series) {
    return watched.computeIfAbsent(series, s -> new WatchedCells(this, s.kind()));
  }

  /** Keeps a series no more. */
  public void unwatch(Series series) {
    watched.remove(series);
  }

  /** The second in which counts of a period are shown. */
  long secondOf(long periodMs) {
    if (periodMs == openPeriodMs) {
      return openSecond;
    }
    long first = Math.floorDiv(periodMs, 1000);
    return periodMs < openPeriodMs ? first + period.lengthMs() / 1000 - 1 : first;
  }

  boolean isOpen(long periodMs) {
    return periodMs == openPeriodMs;
  }

  /**
   * The open second is over, and this one is open now.
   *
   * @return what was counted in seconds that are over
   */
  public List<SecondCell> cut(long second) {
    List<SecondCell> over = new ArrayList<>();
    watched.forEach((series, cells) -> cells.cut(series, openSecond, second, over));
    open(second);
    return over;
  }
}
