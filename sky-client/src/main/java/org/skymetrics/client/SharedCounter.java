package org.skymetrics.client;

/** A counter whose total all threads share: of what spills over from keys past the limit. */
final class SharedCounter extends CounterSource {
  SharedCounter() {
    super(0);
  }

  @Override
  void add(long n) {
    addShared(n);
  }
}
