package org.skymetrics.cli.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.rollup.Rollup;
import org.skymetrics.rollup.RollupConfig;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.Layout;
import org.skymetrics.ui.query.Answer;

/**
 * Takes in what {@link HistoryExport} wrote. Lines that follow each other and are of one window of
 * five minutes are a piece: all of it goes into history, or nothing where a line of it is bad.
 *
 * <p>Of each shard and period of a piece a batch is made. Its name is a hash of the origin and of
 * what it holds: so the same lines again are the same batches, and change nothing. A rollup takes
 * the batches to history, as it does those of servers.
 */
public final class HistoryImport {
  private static final long NO_AUDIT_MS = 0;

  private final HistoryStore store;
  private final Layout layout;
  private final Clock clock;
  private final long incarnation;
  private final boolean add;
  private final BooleanSupplier goOn;
  private final WholeHistory history;
  private final AtomicLong lineNumber = new AtomicLong();
  private final AtomicLong known = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private volatile long atMs;

  /**
   * @param origin where the lines are from: equal lines of one origin count once
   * @param add whether to add to what history has of a series and period already
   * @param goOn false where the work is to end early, after a piece
   */
  public HistoryImport(
      HistoryStore store,
      Layout layout,
      Clock clock,
      String origin,
      boolean add,
      BooleanSupplier goOn) {
    this.store = store;
    this.layout = layout;
    this.clock = clock;
    this.incarnation = Key.sha256Head(("import\0" + origin).getBytes(StandardCharsets.UTF_8));
    this.add = add;
    this.goOn = goOn;
    this.history = new WholeHistory(store, layout, clock);
  }

  /** A line and where it stands. */
  private record Numbered(long number, HistoryLine line) {}

  /**
   * Takes in all lines.
   *
   * @throws ImportException where a line is bad; what came before its piece is in history
   * @throws IOException where {@code in} can't be read
   */
  public void run(BufferedReader in) throws ImportException, IOException {
    String text = in.readLine();
    if (text == null) {
      return;
    }
    lineNumber.set(1);
    LineFormat format;
    try {
      format = LineFormat.of(text);
    } catch (BadLineException e) {
      throw at(1, e.getMessage());
    }
    if (!format.head().isEmpty()) {
      text = in.readLine();
      lineNumber.set(2);
    }
    List<Numbered> piece = new ArrayList<>();
    while (text != null && goOn.getAsBoolean()) {
      HistoryLine line = read(format, text);
      if (!piece.isEmpty() && windowOf(piece.get(0).line()) != windowOf(line)) {
        take(piece);
        piece.clear();
      }
      piece.add(new Numbered(lineNumber.get(), line));
      text = in.readLine();
      lineNumber.incrementAndGet();
    }
    if (!piece.isEmpty() && goOn.getAsBoolean()) {
      take(piece);
    }
  }

  private HistoryLine read(LineFormat format, String text) throws ImportException {
    try {
      HistoryLine line = format.read(text);
      if (line.periodMs() != layout.period().lengthMs()) {
        throw new BadLineException(
            "its period is "
                + line.periodMs() / 1000
                + " s, that of this store is "
                + layout.period().label());
      }
      return line;
    } catch (BadLineException e) {
      throw at(lineNumber.get(), e.getMessage());
    }
  }

  private static ImportException at(long number, @Nullable String fault) {
    return new ImportException("line " + number + ": " + fault);
  }

  private static long windowOf(HistoryLine line) {
    return Period.floor(line.timeMs(), WholeHistory.WINDOW_MS);
  }

  private void take(List<Numbered> piece) throws ImportException {
    atMs = windowOf(piece.get(0).line());
    Map<ShardPeriod, SortedMap<Series, Numbered>> places = byPlace(piece);
    List<Batch> batches = new ArrayList<>();
    for (Map.Entry<ShardPeriod, SortedMap<Series, Numbered>> entry : places.entrySet()) {
      SortedMap<Series, Cell> cells = new TreeMap<>();
      entry.getValue().forEach((series, line) -> cells.put(series, line.line().cell()));
      Batch batch = batch(entry.getKey(), cells);
      if (isThere(batch)) {
        known.addAndGet(cells.size());
      } else {
        if (!add) {
          requireNew(entry.getKey(), entry.getValue());
        }
        batches.add(batch);
      }
    }
    if (!batches.isEmpty()) {
      move(batches);
      batches.forEach(batch -> taken.addAndGet(batch.size()));
    }
  }

  private Map<ShardPeriod, SortedMap<Series, Numbered>> byPlace(List<Numbered> piece)
      throws ImportException {
    Map<ShardPeriod, SortedMap<Series, Numbered>> places = new TreeMap<>();
    for (Numbered numbered : piece) {
      Series series = numbered.line().series();
      ShardPeriod place =
          new ShardPeriod(series.key().shard(layout.shards()), numbered.line().timeMs());
      Numbered before =
          places.computeIfAbsent(place, p -> new TreeMap<>()).putIfAbsent(series, numbered);
      if (before != null) {
        throw at(numbered.number(), "it is of the same series and time as line " + before.number());
      }
    }
    return places;
  }

  /** The batch of these cells, named after its own content. */
  private Batch batch(ShardPeriod place, SortedMap<Series, Cell> cells) {
    long periodMs = layout.period().lengthMs();
    Batch unnamed = Batch.of(new BatchName(incarnation, 0), place, periodMs, cells);
    return Batch.of(
        new BatchName(incarnation, Key.sha256Head(unnamed.bytes())), place, periodMs, cells);
  }

  private boolean isThere(Batch batch) throws ImportException {
    String key = Block.historyKey(batch.place());
    for (byte[] value : store.get(key).values()) {
      try {
        if (Block.parse(batch.place(), value).names().contains(batch.name())) {
          return true;
        }
      } catch (CorruptException e) {
        throw new ImportException(key + " can't be read: " + e.getMessage());
      }
    }
    return false;
  }

  /** Refuses lines of what history has already: they would be counted on top of it. */
  private void requireNew(ShardPeriod place, SortedMap<Series, Numbered> lines)
      throws ImportException {
    long periodMs = layout.period().lengthMs();
    Answer present =
        history.read(
            List.copyOf(lines.keySet()), place.startMs(), place.startMs() + periodMs, periodMs);
    for (Answer.Line line : present.lines()) {
      Numbered numbered = lines.get(line.series());
      if (!line.points().isEmpty() && numbered != null) {
        throw at(
            numbered.number(),
            "history has a value of "
                + line.series().key()
                + " at "
                + place.startMs() / 1000
                + " already, which is not from these lines; --add counts them on top of it");
      }
    }
  }

  private void move(List<Batch> batches) throws ImportException {
    Mail mail = new Mail(layout);
    mail.put(batches);
    RollupConfig config =
        RollupConfig.builder().auditHorizon(Duration.ofMillis(NO_AUDIT_MS)).build();
    try (Rollup rollup = Rollup.create(config, mail, store, clock)) {
      rollup.runOnce();
    }
    if (!mail.waiting().isEmpty()) {
      throw new ImportException(
          "the lines before line " + lineNumber + " did not get into history; the log says why");
    }
  }

  /** Lines that are in history now, and were not before. */
  public long taken() {
    return taken.get();
  }

  /** Lines that history had from an earlier time. */
  public long known() {
    return known.get();
  }

  /** Where the work stands, for people. */
  public String progress() {
    return "line " + lineNumber + ", " + (atMs == 0 ? "" : Instant.ofEpochMilli(atMs));
  }
}
