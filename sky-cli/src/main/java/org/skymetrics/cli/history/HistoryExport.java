package org.skymetrics.cli.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.Layout;
import org.skymetrics.ui.query.Answer;
import org.skymetrics.ui.query.Point;

/**
 * Writes history as text: a line for each series and period, in order of period, then key, then
 * kind; without loss. The same history gives the same bytes, whatever its shards.
 */
public final class HistoryExport {
  private static final Comparator<HistoryLine> ORDER =
      Comparator.comparingLong(HistoryLine::timeMs).thenComparing(HistoryLine::series);

  private final WholeHistory history;
  private final LineFormat format;
  private final BooleanSupplier goOn;
  private final AtomicLong lines = new AtomicLong();
  private volatile long atMs;
  private volatile long fromMs;
  private volatile long toMs;

  /**
   * @param goOn false where the work is to end early
   */
  public HistoryExport(
      HistoryStore store, Layout layout, Clock clock, LineFormat format, BooleanSupplier goOn) {
    this.history = new WholeHistory(store, layout, clock);
    this.format = format;
    this.goOn = goOn;
  }

  /** The start of the first day of which there is anything, ms. */
  public long beginMs() {
    return history.beginMs();
  }

  /**
   * Writes the periods that start from {@code from} on and before {@code to}, ms.
   *
   * @param wanted which series
   * @return values that could not be read, and so are missing
   * @throws CorruptException where a list of keys can't be read
   * @throws IOException where {@code out} takes no more
   */
  public List<String> run(long from, long to, Predicate<Series> wanted, BufferedWriter out)
      throws CorruptException, IOException {
    List<List<Series>> shards = new ArrayList<>();
    for (int shard = 0; shard < history.layout().shards(); shard++) {
      shards.add(history.series(shard).stream().filter(wanted).toList());
    }
    fromMs = from;
    toMs = to;
    if (!format.head().isEmpty()) {
      out.write(format.head());
      out.write('\n');
    }
    List<String> damaged = new ArrayList<>();
    for (long day = Period.floor(from, WholeHistory.DAY_MS);
        day < to && goOn.getAsBoolean();
        day += WholeHistory.DAY_MS) {
      writeDay(day, shards, out, damaged);
    }
    out.flush();
    return damaged;
  }

  private void writeDay(
      long day, List<List<Series>> shards, BufferedWriter out, List<String> damaged)
      throws IOException {
    atMs = day;
    List<List<Series>> present = present(shards, day, WholeHistory.DAY_MS);
    for (long hour = day;
        hour < day + WholeHistory.DAY_MS && goOn.getAsBoolean();
        hour += WholeHistory.HOUR_MS) {
      atMs = hour;
      List<List<Series>> ofHour = present(present, hour, WholeHistory.HOUR_MS);
      for (long window = hour;
          window < hour + WholeHistory.HOUR_MS;
          window += WholeHistory.WINDOW_MS) {
        writeWindow(window, ofHour, out, damaged);
      }
    }
  }

  /** Of each shard the series that have anything in a stretch of time. */
  private List<List<Series>> present(List<List<Series>> shards, long start, long length) {
    List<List<Series>> present = new ArrayList<>();
    long from = Math.max(start, Period.floor(fromMs, WholeHistory.WINDOW_MS));
    long to =
        Math.min(
            start + length,
            Period.floor(toMs + WholeHistory.WINDOW_MS - 1, WholeHistory.WINDOW_MS));
    if (from >= to) {
      return present;
    }
    for (List<Series> series : shards) {
      List<Series> some = new ArrayList<>();
      for (Answer.Line line : history.read(series, from, to, to - from).lines()) {
        if (!line.points().isEmpty()) {
          some.add(line.series());
        }
      }
      if (!some.isEmpty()) {
        present.add(some);
      }
    }
    return present;
  }

  private void writeWindow(
      long window, List<List<Series>> shards, BufferedWriter out, List<String> damaged)
      throws IOException {
    long periodMs = history.layout().period().lengthMs();
    List<HistoryLine> all = new ArrayList<>();
    for (List<Series> series : shards) {
      Answer answer = history.read(series, window, window + WholeHistory.WINDOW_MS, periodMs);
      damaged.addAll(answer.damaged());
      for (Answer.Line line : answer.lines()) {
        for (Point point : line.points()) {
          if (point.timeMs() >= fromMs && point.timeMs() < toMs) {
            all.add(new HistoryLine(point.timeMs(), periodMs, line.series(), point.cell()));
          }
        }
      }
    }
    all.sort(ORDER);
    for (HistoryLine line : all) {
      out.write(format.write(line));
      out.write('\n');
      lines.incrementAndGet();
    }
  }

  public long lines() {
    return lines.get();
  }

  /** Where the work stands, for people. */
  public String progress() {
    return TimeBar.progress("exported", fromMs, toMs, atMs) + ", " + lines + " lines";
  }
}
