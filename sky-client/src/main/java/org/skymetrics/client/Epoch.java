package org.skymetrics.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The number of the time between two cuts; the sender moves it on, and folds of another number
 * begin anew.
 */
final class Epoch {
  private static final VarHandle NUMBER;

  static {
    try {
      NUMBER = MethodHandles.lookup().findVarHandle(Epoch.class, "number", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("UnusedVariable") // read and written through NUMBER
  private int number;

  int get() {
    return (int) NUMBER.getOpaque(this);
  }

  /** The sender calls it. */
  void next() {
    NUMBER.setRelease(this, get() + 1);
  }
}
