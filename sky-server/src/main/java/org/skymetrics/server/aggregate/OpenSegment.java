package org.skymetrics.server.aggregate;

/**
 * The segment that is being counted into: its number, and what the tables of all receiving threads
 * share in it. Safe from any thread.
 */
public final class OpenSegment {
  private final long number;
  private final KeyBudget budget;

  /**
   * A segment.
   *
   * @param number from 1, never repeated
   * @param keyLimit series at most in each period
   */
  public OpenSegment(long number, int keyLimit) {
    this.number = number;
    this.budget = new KeyBudget(keyLimit);
  }

  public long number() {
    return number;
  }

  /** The cells in it, over all periods and threads. */
  public long cells() {
    return budget.cells();
  }

  KeyBudget budget() {
    return budget;
  }
}
