package org.skymetrics.rollup;

/** Something in a store that a rollup must not touch: the work on its window ends here. */
final class DamagedValueException extends Exception {
  private static final long serialVersionUID = 1;

  private final RollupCounter counter;

  /**
   * @param counter what it is counted as
   * @param message which value, and what is wrong with it
   */
  DamagedValueException(RollupCounter counter, String message) {
    super(message);
    this.counter = counter;
  }

  RollupCounter counter() {
    return counter;
  }
}
