package org.skymetrics.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import org.skymetrics.common.cell.Cell;

/**
 * A gauge or histogram that many threads share: a few sources of one writer each, behind a flag. A
 * thread takes the first whose flag it gets, beginning with the first, so that a series that is not
 * contended costs no more than one source. Only where all are taken does it go round again; a
 * holder needs some nanoseconds, and there are as many as 16.
 */
final class SharedSamples extends SampleSource {
  private static final int STRIPES = 16;

  private record Stripe(AtomicInteger held, Owned source) {}

  private final AtomicReferenceArray<Stripe> stripes = new AtomicReferenceArray<>(STRIPES);
  private final boolean gauge;
  private final Epoch epoch;
  private final TimeSource time;

  SharedSamples(String name, boolean gauge, Epoch epoch, TimeSource time) {
    super(name);
    this.gauge = gauge;
    this.epoch = epoch;
    this.time = time;
  }

  @Override
  void record(double value) {
    record(value, 1);
  }

  @Override
  void record(double value, long times) {
    int i = 0;
    while (!tryRecord(stripe(i & (STRIPES - 1)), value, times)) {
      i++;
      if ((i & (STRIPES - 1)) == 0) {
        Thread.onSpinWait();
      }
    }
  }

  /** Stripes come into being as threads meet: an uncontended series has one. */
  private Stripe stripe(int i) {
    Stripe stripe = stripes.get(i);
    if (stripe == null) {
      stripes.compareAndSet(
          i, null, new Stripe(new AtomicInteger(), new Owned(name, gauge, epoch, time)));
      stripe = stripes.get(i);
    }
    return stripe;
  }

  private static boolean tryRecord(Stripe stripe, double value, long times) {
    if (stripe.held().get() != 0 || !stripe.held().compareAndSet(0, 1)) {
      return false;
    }
    if (times == 1) {
      stripe.source().record(value);
    } else {
      stripe.source().record(value, times);
    }
    stripe.held().setRelease(0);
    return true;
  }

  @Override
  void take(FoldTimes times, BiConsumer<Integer, Cell> out) {
    for (int i = 0; i < STRIPES; i++) {
      Stripe stripe = stripes.get(i);
      if (stripe != null) {
        stripe.source().take(times, out);
      }
    }
  }

  @Override
  long accepted() {
    long accepted = 0;
    for (int i = 0; i < STRIPES; i++) {
      Stripe stripe = stripes.get(i);
      accepted += stripe == null ? 0 : stripe.source().accepted();
    }
    return accepted;
  }
}
