package org.skymetrics.client;

/** The monotonic clock, ns. */
@FunctionalInterface
interface TimeSource {
  long monotonicNs();
}
