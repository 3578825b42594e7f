package org.skymetrics.server.aggregate;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;

/**
 * The cells that series of one table have in one period, by the numbers of the series. The sums of
 * counters lie side by side, in pages made on first use; all other cells are objects. So a counter
 * takes eight bytes and a bit, and a page of neighbours is one piece of memory. Pages are small: a
 * client that was away sends a few series of many periods.
 */
final class PeriodCells {
  private static final int PAGE_BITS = 6;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;
  private static final long[] NO_SUMS = {};
  private static final @Nullable Cell[] NO_CELLS = {};

  private final long periodMs;

  /** A bit for each series: whether it has a cell. */
  private long[] present = {};

  private long[][] sums = {};

  /** Of counters: what came with a fraction, beside the sums. */
  private @Nullable Cell[][] cells = {};

  PeriodCells(long periodMs) {
    this.periodMs = periodMs;
  }

  long periodMs() {
    return periodMs;
  }

  /** Whether a series has a cell. */
  boolean has(int number) {
    int word = number >>> 6;
    return word < present.length && (present[word] >>> number & 1) != 0;
  }

  /** Makes the cell of a series that has none. */
  void make(int number, Kind kind) {
    int word = number >>> 6;
    if (word >= present.length) {
      present = Arrays.copyOf(present, word + 1 + word / 2);
    }
    present[word] |= 1L << number;
    if (kind == Kind.COUNTER) {
      makeSums(number >>> PAGE_BITS);
    } else {
      setCell(number, kind.newCell());
    }
  }

  private void makeSums(int page) {
    if (page >= sums.length) {
      int before = sums.length;
      sums = Arrays.copyOf(sums, page + 1 + page / 2);
      Arrays.fill(sums, before, sums.length, NO_SUMS);
    }
    if (sums[page].length == 0) {
      sums[page] = new long[PAGE_SIZE];
    }
  }

  private void setCell(int number, Cell cell) {
    int page = number >>> PAGE_BITS;
    if (page >= cells.length) {
      int before = cells.length;
      cells = Arrays.copyOf(cells, page + 1 + page / 2);
      Arrays.fill(cells, before, cells.length, NO_CELLS);
    }
    if (cells[page].length == 0) {
      cells[page] = new @Nullable Cell[PAGE_SIZE];
    }
    cells[page][number & (PAGE_SIZE - 1)] = cell;
  }

  private @Nullable Cell cell(int number) {
    int page = number >>> PAGE_BITS;
    return page < cells.length && cells[page].length > 0
        ? cells[page][number & (PAGE_SIZE - 1)]
        : null;
  }

  /** Counts in a counter that has a cell. */
  void add(int number, long sum) {
    sums[number >>> PAGE_BITS][number & (PAGE_SIZE - 1)] += sum;
  }

  /** Counts what is not whole in a counter that has a cell. */
  void addFraction(int number, double fraction) {
    Cell beside = cell(number);
    if (beside == null) {
      beside = new CounterCell();
      setCell(number, beside);
    }
    ((CounterCell) beside).add(fraction);
  }

  /** Merges into the cell of a series that has one. */
  void merge(int number, Cell more) {
    if (more instanceof CounterCell counter) {
      add(number, counter.sum());
      if (counter.fraction() != 0) {
        addFraction(number, counter.fraction());
      }
    } else {
      Objects.requireNonNull(cell(number)).merge(more);
    }
  }

  /** A cell that is there and changes no more. */
  Cell last(int number, Kind kind) {
    return kind == Kind.COUNTER ? copy(number, kind) : Objects.requireNonNull(cell(number));
  }

  /** A copy of a cell that is there. */
  Cell copy(int number, Kind kind) {
    Cell cell = cell(number);
    Cell copy = cell == null ? null : cell.copy();
    return kind == Kind.COUNTER ? counter(number, copy) : Objects.requireNonNull(copy);
  }

  private CounterCell counter(int number, @Nullable Cell beside) {
    CounterCell counter = beside == null ? new CounterCell() : (CounterCell) beside;
    counter.add(sums[number >>> PAGE_BITS][number & (PAGE_SIZE - 1)]);
    return counter;
  }
}
