package org.skymetrics.store.annotation;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.shelf.Shelf;
import org.skymetrics.store.shelf.ShelfForm;

/**
 * The annotations in history: a shelf for each UTC day, siblings united. One that spans days, or
 * was moved to another, is on the shelves of all of them, in the version that holds.
 *
 * <p>Safe from any thread; of two edits at once, made of the same version, one holds.
 */
public final class Annotations {
  /** Annotations of a day at most, so that a shelf stays small enough to be written often. */
  public static final int MAX_A_DAY = 10_000;

  static final ShelfForm<Annotation> FORM =
      new ShelfForm<>("SkyA", "day of annotations", 30, Annotation::read);

  private final HistoryStore history;

  public Annotations(HistoryStore history) {
    this.history = history;
  }

  /** The key in history of the shelf of the day that holds this time, ms since 1970. */
  public static String historyKey(long timeMs) {
    return keyOfDay(AnnotationId.dayOf(timeMs));
  }

  private static String keyOfDay(long day) {
    return "annotations/" + LocalDate.ofEpochDay(day);
  }

  /**
   * What was read.
   *
   * @param annotations in order of time, without those that are deleted
   * @param damaged the shelves that could not be read whole, and why
   */
  public record Found(List<Annotation> annotations, List<String> damaged) {
    public Found {
      annotations = List.copyOf(annotations);
      damaged = List.copyOf(damaged);
    }
  }

  /**
   * The annotations whose time or a part of whose span is in [fromMs, toMs).
   *
   * @throws org.skymetrics.store.StoreException where history is away
   */
  public Found read(long fromMs, long toMs) {
    return read(fromMs, toMs, List.of());
  }

  /** The same, united with annotations that are on their way to their shelves. */
  public Found read(long fromMs, long toMs, Collection<Annotation> waiting) {
    List<String> damaged = new ArrayList<>();
    SortedMap<String, Annotation> all = new TreeMap<>();
    Shelf.unite(all, waiting);
    TreeSet<Long> days = new TreeSet<>();
    for (long day = AnnotationId.dayOf(fromMs); day <= AnnotationId.dayOf(toMs - 1); day++) {
      days.add(day);
    }
    for (Shelf<Annotation> shelf : shelves(days).values()) {
      damaged.addAll(shelf.damaged());
      Shelf.unite(all, shelf.entries().values());
    }
    return new Found(
        all.values().stream()
            .filter(annotation -> !annotation.deleted() && annotation.isIn(fromMs, toMs))
            .sorted(Comparator.comparingLong(Annotation::timeMs).thenComparing(Annotation::id))
            .toList(),
        damaged);
  }

  /**
   * The version of an annotation that holds, which may be that of its end; null where there is
   * none.
   *
   * @throws CorruptException where its shelf can't be read
   * @throws org.skymetrics.store.StoreException where history is away
   */
  public @Nullable Annotation find(AnnotationId id) throws CorruptException {
    Shelf<Annotation> shelf = Shelf.read(history, FORM, keyOfDay(id.day()));
    shelf.requireGood();
    return shelf.entries().get(id.toString());
  }

  /** What became of annotations that were put. */
  public enum Outcome {
    /** They are on their shelves. */
    KEPT,
    /** Some are not: the shelf of their day is full. */
    FULL
  }

  /**
   * Puts annotations on their shelves, where they are not there in the same or a greater version.
   *
   * @throws CorruptException where a shelf can't be read; others may have been written
   * @throws org.skymetrics.store.StoreException where history is away; some may have been written
   */
  public Outcome put(Collection<Annotation> annotations) throws CorruptException {
    return put(annotations, List.of());
  }

  /** Puts the next version of an annotation, on the shelves of the version before, too. */
  public Outcome replace(Annotation before, Annotation next) throws CorruptException {
    return put(List.of(next), before.days());
  }

  private Outcome put(Collection<Annotation> annotations, Collection<Long> alsoOn)
      throws CorruptException {
    SortedMap<String, List<Annotation>> byShelf = new TreeMap<>();
    TreeSet<Long> all = new TreeSet<>();
    for (Annotation annotation : annotations) {
      TreeSet<Long> days = new TreeSet<>(annotation.days());
      days.addAll(alsoOn);
      all.addAll(days);
      days.forEach(
          day -> byShelf.computeIfAbsent(keyOfDay(day), d -> new ArrayList<>()).add(annotation));
    }
    Outcome outcome = Outcome.KEPT;
    for (Map.Entry<String, Shelf<Annotation>> entry : shelves(all).entrySet()) {
      if (!write(entry.getValue(), byShelf.getOrDefault(entry.getKey(), List.of()))) {
        outcome = Outcome.FULL;
      }
    }
    return outcome;
  }

  private static boolean write(Shelf<Annotation> shelf, List<Annotation> more)
      throws CorruptException {
    List<Annotation> fitting = new ArrayList<>();
    int size = shelf.entries().size();
    for (Annotation annotation : more) {
      boolean known = shelf.entries().containsKey(annotation.name());
      if (known || size < MAX_A_DAY) {
        fitting.add(annotation);
        size += known ? 0 : 1;
      }
    }
    shelf.add(fitting);
    return fitting.size() == more.size();
  }

  private Map<String, Shelf<Annotation>> shelves(Collection<Long> days) {
    return Shelf.read(history, FORM, days.stream().map(Annotations::keyOfDay).toList());
  }
}
