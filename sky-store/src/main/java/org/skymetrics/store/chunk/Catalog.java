package org.skymetrics.store.chunk;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.Envelope;

/**
 * What history has of a shard, and what of it is to be made again. Immutable; siblings are united,
 * which only ever adds work and never hides any. The layout is in docs/storage.md.
 */
public final class Catalog {
  /** What is kept of a day: the periods, 5 minutes instead, only hours, nothing of its own. */
  public static final int DAY_PERIODS = 0;

  public static final int DAY_FIVE_MINUTES = 1;
  public static final int DAY_HOURS = 2;
  public static final int DAY_NOTHING = 3;

  /** What is kept of a month: hours and days, only days, nothing. */
  public static final int MONTH_ALL = 0;

  public static final int MONTH_DAYS = 1;
  public static final int MONTH_NOTHING = 2;

  private static final String MAGIC = "SkyT";
  private static final int VERSION = 1;
  private static final long MAX_SECONDS = Long.MAX_VALUE / 2000;

  private final SortedMap<Long, Files> hours;
  private final SortedMap<Long, Files> days;
  private final SortedMap<Long, Files> months;
  private final NavigableSet<Long> blocks;
  private final NavigableSet<Mark> marks;

  private Catalog(
      SortedMap<Long, Files> hours,
      SortedMap<Long, Files> days,
      SortedMap<Long, Files> months,
      NavigableSet<Long> blocks,
      NavigableSet<Mark> marks) {
    this.hours = hours;
    this.days = days;
    this.months = months;
    this.blocks = blocks;
    this.marks = marks;
  }

  /**
   * The files of a span.
   *
   * @param log2Parts how many parts there are
   * @param kept what is left of them: one of the constants of this class; 0 of an hour
   */
  public record Files(int log2Parts, int kept) {
    private Files unite(Files other) {
      return new Files(Math.max(log2Parts, other.log2Parts), Math.max(kept, other.kept));
    }
  }

  public static Catalog empty() {
    return new Catalog(
        new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeSet<>(), new TreeSet<>());
  }

  /** The key in history of the catalogue of this shard. */
  public static String historyKey(int shard) {
    return "catalog/" + shard;
  }

  /** The files of spans by their start, ms. */
  public SortedMap<Long, Files> files(Span span) {
    return Collections.unmodifiableSortedMap(filesOf(span));
  }

  private SortedMap<Long, Files> filesOf(Span span) {
    return switch (span) {
      case HOUR -> hours;
      case DAY -> days;
      case MONTH -> months;
    };
  }

  /** The hours that may have blocks, by their start, ms. */
  public NavigableSet<Long> blocks() {
    return Collections.unmodifiableNavigableSet(blocks);
  }

  public NavigableSet<Mark> marks() {
    return Collections.unmodifiableNavigableSet(marks);
  }

  /** The marks of one span, whoever works on them. */
  public NavigableSet<Mark> marks(Span span, long spanStartMs) {
    return Collections.unmodifiableNavigableSet(
        marks.subSet(
            new Mark(span, spanStartMs, 0),
            true,
            new Mark(span, span.endOf(spanStartMs), 0),
            false));
  }

  /** Whether anything that files of {@code span} should hold from {@code fromMs} on is marked. */
  public boolean isMarked(Span span, long fromMs, long toMs) {
    return !marks.subSet(new Mark(span, fromMs, 0), new Mark(span, toMs, 0)).isEmpty();
  }

  /** The start of the first hour, day or month that there is anything of; {@code none} if none. */
  public long beginMs(long none) {
    long begin = blocks.isEmpty() ? none : Math.min(none, blocks.first());
    for (Span span : Span.values()) {
      SortedMap<Long, Files> files = filesOf(span);
      begin = files.isEmpty() ? begin : Math.min(begin, files.firstKey());
    }
    return begin;
  }

  /** All that either has. */
  public Catalog unite(Catalog other) {
    return edit(
        c -> {
          for (Span span : Span.values()) {
            other.filesOf(span).forEach((s, f) -> c.filesOf(span).merge(s, f, Files::unite));
          }
          c.blocks.addAll(other.blocks);
          c.marks.addAll(other.marks);
        });
  }

  private Catalog edit(Consumer<Catalog> change) {
    Catalog copy =
        new Catalog(
            new TreeMap<>(hours),
            new TreeMap<>(days),
            new TreeMap<>(months),
            new TreeSet<>(blocks),
            new TreeSet<>(marks));
    change.accept(copy);
    return copy;
  }

  /** This, where batches came into this period. */
  public Catalog withBatches(long periodStartMs) {
    return edit(
        c -> {
          for (Span span : Span.values()) {
            c.marks.add(Mark.open(span, periodStartMs));
          }
          c.blocks.add(Span.HOUR.startOf(periodStartMs));
        });
  }

  /** This, with all marks of a span in one's own hand, and its files named. */
  public Catalog claimed(Span span, long spanStartMs, long token, int log2Parts) {
    return edit(
        c -> {
          List<Mark> present = List.copyOf(marks(span, spanStartMs));
          present.forEach(c.marks::remove);
          present.forEach(mark -> c.marks.add(new Mark(span, mark.startMs(), token)));
          c.filesOf(span).putIfAbsent(spanStartMs, new Files(log2Parts, 0));
        });
  }

  /** This, without the marks of that token. */
  public Catalog without(Span span, long spanStartMs, long token) {
    return edit(
        c ->
            marks(span, spanStartMs).stream()
                .filter(mark -> mark.token() == token)
                .forEach(c.marks::remove));
  }

  /** This, without the files of an hour. */
  public Catalog withoutHour(long startMs) {
    return edit(c -> c.hours.remove(startMs));
  }

  /** This, with hours that may have blocks. */
  public Catalog withBlocks(Collection<Long> hourStartsMs) {
    return edit(c -> c.blocks.addAll(hourStartsMs));
  }

  /** This, with an hour known to have no blocks. */
  public Catalog withoutBlocks(long hourStartMs) {
    return edit(c -> c.blocks.remove(hourStartMs));
  }

  /** This, with less kept of a span than before. */
  public Catalog keeping(Span span, long spanStartMs, int kept) {
    return edit(
        c -> c.filesOf(span).computeIfPresent(spanStartMs, (s, f) -> f.unite(new Files(0, kept))));
  }

  public byte[] toBytes() {
    ByteWriter out = new ByteWriter(256);
    for (Span span : Span.values()) {
      writeFiles(out, span);
    }
    out.varint(blocks.size());
    long before = 0;
    for (long start : blocks) {
      long number = Span.HOUR.numberOf(start);
      out.varint(number - before);
      before = number;
    }
    out.varint(marks.size());
    for (Mark mark : marks) {
      out.u8(mark.span().id()).zigzag(mark.startMs() / 1000).u64(mark.token());
    }
    return Envelope.deflate(out, MAGIC, VERSION);
  }

  private void writeFiles(ByteWriter out, Span span) {
    out.varint(filesOf(span).size());
    long[] before = {0};
    filesOf(span)
        .forEach(
            (start, files) -> {
              long number = span.numberOf(start);
              out.varint(number - before[0]).u8(files.log2Parts());
              if (span != Span.HOUR) {
                out.u8(files.kept());
              }
              before[0] = number;
            });
  }

  /**
   * Reads a stored catalogue.
   *
   * @throws CorruptException where it is not one
   */
  public static Catalog parse(byte[] bytes) throws CorruptException {
    ByteReader in = Envelope.inflate(bytes, MAGIC, VERSION, "catalogue");
    Catalog catalog = empty();
    for (Span span : Span.values()) {
      readFiles(in, span, catalog.filesOf(span));
    }
    int n = in.length(in.remaining());
    long number = 0;
    for (int i = 0; i < n; i++) {
      number += in.length(Integer.MAX_VALUE);
      catalog.blocks.add(Span.HOUR.startOfNumber(number));
    }
    n = in.length(in.remaining());
    for (int i = 0; i < n && !in.failed(); i++) {
      Span span = Span.byId(in.u8());
      long seconds = in.zigzag();
      long token = in.u64();
      if (span == null || Math.abs(seconds) > MAX_SECONDS) {
        throw new CorruptException("a catalogue has a mark that makes no sense");
      }
      catalog.marks.add(new Mark(span, seconds * 1000, token));
    }
    if (in.failed() || in.remaining() != 0) {
      throw new CorruptException("a catalogue does not follow its layout");
    }
    return catalog;
  }

  private static void readFiles(ByteReader in, Span span, SortedMap<Long, Files> files)
      throws CorruptException {
    int n = in.length(in.remaining());
    long number = 0;
    for (int i = 0; i < n && !in.failed(); i++) {
      number += in.length(Integer.MAX_VALUE);
      Files found = new Files(in.u8(), span == Span.HOUR ? 0 : in.u8());
      if (found.log2Parts() > ChunkPlace.MAX_LOG2_PARTS || found.kept() > DAY_NOTHING) {
        throw new CorruptException("a catalogue names files that can't be");
      }
      files.put(span.startOfNumber(number), found);
    }
  }
}
