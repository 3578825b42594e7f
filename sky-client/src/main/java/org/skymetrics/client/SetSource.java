package org.skymetrics.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.SetCell;

/**
 * A source of a set, which all threads share. A set can't be read while it is written, as a growing
 * sum can: there is a lock, and the sender holds it while it exchanges a reference, a writer while
 * it puts one hash in its place.
 *
 * <p>Its memory is bounded by that of a {@link SetCell} for each epoch not harvested. What is
 * accepted is the number of members of each harvest, for a member that comes twice in one is sent
 * once.
 */
final class SetSource extends CellSource {
  private final Epoch epoch;

  /** What has not been taken: a fold for each epoch, the running one last. */
  private Deque<Fold> folds = new ArrayDeque<>();

  private long taken;

  private record Fold(int epoch, SetCell cell) {}

  SetSource(String name, Epoch epoch) {
    super(name);
    this.epoch = epoch;
  }

  /** Adds the member of this hash. */
  synchronized void add(long hash) {
    int number = epoch.get();
    Fold fold = folds.peekLast();
    if (fold == null || fold.epoch() != number) {
      fold = new Fold(number, new SetCell());
      folds.addLast(fold);
    }
    fold.cell().add(hash);
  }

  @Override
  void take(FoldTimes times, BiConsumer<Integer, Cell> out) {
    for (Fold fold : exchange()) {
      out.accept(fold.epoch(), fold.cell());
    }
  }

  private synchronized Deque<Fold> exchange() {
    Deque<Fold> full = folds;
    if (!full.isEmpty()) {
      taken += members(full);
      folds = new ArrayDeque<>();
    }
    return full;
  }

  private static long members(Deque<Fold> folds) {
    return folds.stream().mapToLong(fold -> fold.cell().estimate()).sum();
  }

  @Override
  synchronized long accepted() {
    return taken + members(folds);
  }
}
