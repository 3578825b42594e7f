package org.skymetrics.store.annotation;

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
import org.skymetrics.store.history.HistoryStore.Versions;

/**
 * The annotations in history: a shelf for each UTC day, siblings united. One that spans days, or
 * was moved to another, is on the shelves of all of them, in the version that holds.
 *
 * <p>A shelf with a sibling that can't be read is not written: to replace it would be to throw away
 * what may still be saved. Safe from any thread; of two edits at once, made of the same version,
 * one holds.
 */
public final class Annotations {
  /** Annotations of a day at most, so that a shelf stays small enough to be written often. */
  public static final int MAX_A_DAY = 10_000;

  private final HistoryStore history;

  public Annotations(HistoryStore history) {
    this.history = history;
  }

  /** The key in history of the shelf of the day that holds this time, ms since 1970. */
  public static String historyKey(long timeMs) {
    return AnnotationDay.historyKey(AnnotationId.dayOf(timeMs));
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
    Map<AnnotationId, Annotation> all = new TreeMap<>();
    waiting.forEach(found -> all.merge(found.id(), found, AnnotationDay::later));
    TreeSet<Long> days = new TreeSet<>();
    for (long day = AnnotationId.dayOf(fromMs); day <= AnnotationId.dayOf(toMs - 1); day++) {
      days.add(day);
    }
    for (Shelf shelf : shelves(days).values()) {
      damaged.addAll(shelf.damaged());
      shelf.day().byId().forEach((id, found) -> all.merge(id, found, AnnotationDay::later));
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
    TreeSet<Long> day = new TreeSet<>(List.of(id.day()));
    Shelf shelf = shelves(day).get(id.day());
    if (shelf == null) {
      return null;
    }
    shelf.requireGood();
    return shelf.day().byId().get(id);
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
    SortedMap<Long, List<Annotation>> byDay = new TreeMap<>();
    for (Annotation annotation : annotations) {
      TreeSet<Long> days = new TreeSet<>(annotation.days());
      days.addAll(alsoOn);
      days.forEach(day -> byDay.computeIfAbsent(day, d -> new ArrayList<>()).add(annotation));
    }
    Outcome outcome = Outcome.KEPT;
    for (Map.Entry<Long, Shelf> entry : shelves(byDay.keySet()).entrySet()) {
      Shelf shelf = entry.getValue();
      shelf.requireGood();
      if (!write(entry.getKey(), shelf, byDay.getOrDefault(entry.getKey(), List.of()))) {
        outcome = Outcome.FULL;
      }
    }
    return outcome;
  }

  private boolean write(long day, Shelf shelf, List<Annotation> more) {
    List<Annotation> fitting = new ArrayList<>();
    int size = shelf.day().byId().size();
    for (Annotation annotation : more) {
      boolean known = shelf.day().byId().containsKey(annotation.id());
      if (known || size < MAX_A_DAY) {
        fitting.add(annotation);
        size += known ? 0 : 1;
      }
    }
    AnnotationDay united = shelf.day().with(fitting);
    if (shelf.versions().values().size() > 1 || !united.byId().equals(shelf.day().byId())) {
      history.put(AnnotationDay.historyKey(day), united.toBytes(), shelf.versions().context());
    }
    return fitting.size() == more.size();
  }

  private SortedMap<Long, Shelf> shelves(Collection<Long> days) {
    Map<String, Versions> all = history.get(days.stream().map(AnnotationDay::historyKey).toList());
    SortedMap<Long, Shelf> shelves = new TreeMap<>();
    for (long day : days) {
      Versions versions = all.get(AnnotationDay.historyKey(day));
      if (versions == null) {
        throw new IllegalStateException(history.describe() + " left out a key it was asked for");
      }
      shelves.put(day, Shelf.of(day, versions));
    }
    return shelves;
  }

  /** What history has of a day: the union of its siblings, but for those that can't be read. */
  private record Shelf(Versions versions, AnnotationDay day, List<String> damaged) {
    static Shelf of(long day, Versions versions) {
      AnnotationDay united = AnnotationDay.empty();
      List<String> damaged = new ArrayList<>();
      for (byte[] value : versions.values()) {
        try {
          united = united.with(AnnotationDay.parse(value).byId().values());
        } catch (CorruptException e) {
          damaged.add(AnnotationDay.historyKey(day) + ": " + e.getMessage());
        }
      }
      return new Shelf(versions, united, damaged);
    }

    void requireGood() throws CorruptException {
      if (!damaged.isEmpty()) {
        throw new CorruptException(String.join("; ", damaged));
      }
    }
  }
}
