package org.skymetrics.cli;

import org.skymetrics.client.Sky;

/** What a client says of its counts, for people and for results. */
final class Counts {
  private Counts() {}

  static long accepted(Sky client) {
    return client.stats().acceptedCounts();
  }

  static long acknowledged(Sky client) {
    return client.stats().acknowledgedCounts();
  }

  /** How many were accepted and are not acknowledged yet. */
  static long open(Sky client) {
    return accepted(client) - acknowledged(client);
  }

  static String line(Sky client) {
    return accepted(client) + " accepted, " + acknowledged(client) + " acknowledged";
  }
}
