package org.skymetrics.store.dashboard;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.shelf.Shelf;
import org.skymetrics.store.shelf.ShelfForm;

/**
 * The dashboards in history: one shelf for all, so that they are listed in one reading.
 *
 * <p>Writers who know nothing of each other may both write the next version of one; the shelf then
 * has both as siblings. So a writer reads again what it has written, and where it finds another
 * beside its own it gives way: it says the other's once more in a version after both, and its
 * caller is told. Whoever was told that it is kept so is not overtaken unseen: of two at least the
 * later sees both, and two who see each other both give way.
 */
public final class Dashboards {
  /** Dashboards at most, those that are deleted not among them. */
  public static final int MAX = 500;

  /** Dashboards at most that ever were, so that those deleted leave the shelf small enough. */
  public static final int MAX_EVER = 10_000;

  /** Characters of all their contents at most. */
  public static final int MAX_ALL = 4 << 20;

  public static final String HISTORY_KEY = "dashboards";

  static final ShelfForm<Dashboard> FORM =
      new ShelfForm<>("SkyV", "shelf of dashboards", 20, Dashboard::read);

  private final HistoryStore history;

  public Dashboards(HistoryStore history) {
    this.history = history;
  }

  /**
   * What was read.
   *
   * @param dashboards in order of title, without those that are deleted
   * @param damaged what could not be read, and why
   */
  public record Found(List<Dashboard> dashboards, List<String> damaged) {
    public Found {
      dashboards = List.copyOf(dashboards);
      damaged = List.copyOf(damaged);
    }
  }

  /**
   * All dashboards.
   *
   * @throws org.skymetrics.store.StoreException where history is away
   */
  public Found read() {
    Shelf<Dashboard> shelf = shelf();
    return new Found(
        shelf.entries().values().stream()
            .filter(dashboard -> !dashboard.deleted())
            .sorted(
                Comparator.comparing(Dashboard::title, String.CASE_INSENSITIVE_ORDER)
                    .thenComparing(Dashboard::id))
            .toList(),
        shelf.damaged());
  }

  /**
   * The version of a dashboard that holds, which may be that of its end; null where there is none.
   *
   * @throws CorruptException where the shelf can't be read
   * @throws org.skymetrics.store.StoreException where history is away
   */
  public @Nullable Dashboard find(String id) throws CorruptException {
    Shelf<Dashboard> shelf = shelf();
    shelf.requireGood();
    return shelf.entries().get(id);
  }

  /** What became of a version that was put. */
  public enum Outcome {
    /** It is on the shelf, and holds. */
    KEPT,
    /** The shelf is full. */
    FULL,
    /** Another has put a version as great: that one holds. */
    OVERTAKEN
  }

  /**
   * Puts the next version of a dashboard, or the first.
   *
   * @throws CorruptException where the shelf can't be read
   * @throws org.skymetrics.store.StoreException where history is away; it may have been written
   */
  public Outcome put(Dashboard next) throws CorruptException {
    Shelf<Dashboard> shelf = shelf();
    Dashboard present = shelf.entries().get(next.id());
    if (present != null && present.version() >= next.version() && !present.equals(next)) {
      return Outcome.OVERTAKEN;
    }
    if (!next.deleted() && !fits(shelf, next)) {
      return Outcome.FULL;
    }
    shelf.add(List.of(next));
    return settle(next);
  }

  private static boolean fits(Shelf<Dashboard> shelf, Dashboard next) {
    int others = 0;
    long length = next.content().length();
    for (Dashboard dashboard : shelf.entries().values()) {
      if (!dashboard.deleted() && !dashboard.id().equals(next.id())) {
        others++;
        length += dashboard.content().length();
      }
    }
    boolean known = shelf.entries().containsKey(next.id());
    return others < MAX && length <= MAX_ALL && (known || shelf.entries().size() < MAX_EVER);
  }

  private Outcome settle(Dashboard put) throws CorruptException {
    Shelf<Dashboard> shelf = shelf();
    Dashboard rival = shelf.rivalOf(put);
    if (rival != null) {
      shelf.add(List.of(rival.again()));
      return Outcome.OVERTAKEN;
    }
    return put.equals(shelf.entries().get(put.id())) ? Outcome.KEPT : Outcome.OVERTAKEN;
  }

  private Shelf<Dashboard> shelf() {
    return Shelf.read(history, FORM, HISTORY_KEY);
  }
}
