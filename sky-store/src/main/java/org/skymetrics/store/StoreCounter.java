package org.skymetrics.store;

import java.util.Locale;

/** What goes wrong with stores and is not thrown, or thrown and asked again: each has a number. */
public enum StoreCounter {
  /** A batch in a mailbox that can't be read. */
  DAMAGED_BATCH("batches in a mailbox that were left out because they could not be read"),
  /** Any other entry of a period store that can't be read. */
  DAMAGED_ENTRY(
      "sums, gauges, series, names and leases in the period store that could not be read"),
  /** An increment that would have overflowed 64 bits. */
  REFUSED_INCREMENT(
      "increments of a period's running sum refused (over 64 bits); history stays exact"),
  /** A gauge that was put after a later one. */
  LATE_GAUGE("gauges that came after a later value of theirs and left it in place"),
  /** A batch that was put again. */
  KNOWN_BATCH("batches put whose name the store had already, so that nothing changed"),
  /** A call that failed and was made again at once. */
  RETRY("calls that failed and were made again at once, on a new connection or another node"),
  /** A script that the store did not have. */
  SCRIPT_SENT("calls whose script had to be sent whole because the store did not have it"),
  /** A connection that was given up. */
  CONNECTION_LOST("connections to a store that broke"),
  /** A call that took too long. */
  TIMEOUT("calls to a store that had no answer in time"),
  /** A call that ended in a {@link StoreException}. */
  CALL_FAILED("calls to a store that failed, whatever the cause"),
  /** A call that failed by {@link StoreException.Fault#UNAVAILABLE}. */
  CALL_UNAVAILABLE("calls to a period store that failed because it was not reached or cut off"),
  /** A call that failed by {@link StoreException.Fault#REFUSES_WRITES}. */
  CALL_WRITE_REFUSED("calls that failed because the period store takes no writes now"),
  /** A call that failed by {@link StoreException.Fault#NOT_ALLOWED}. */
  CALL_NOT_ALLOWED("calls that failed by the user, password, rights or TLS of a period store"),
  /** A call that failed by {@link StoreException.Fault#FOREIGN_CONTENT}. */
  CALL_FOREIGN("calls that failed because the period store holds what is not Sky's"),
  /** A call that failed by {@link StoreException.Fault#OTHER}. */
  CALL_OTHER("calls that a period store answered with any other error"),
  /** A command that a node of a cluster sent on. */
  REDIRECTED("commands that a node of a Redis Cluster sent on to another node"),
  /** A master other than before. */
  MASTER_CHANGED("times that sentinels named another master of Redis than before"),
  /** More than one sibling read. */
  SIBLINGS("values of history that were found with more than one sibling, to be united"),
  /** Two batches of one name that differ. */
  BATCH_CONFLICT("batches of one name that were not the same bytes; the greater was kept"),
  /** No connection to a node. */
  UNREACHED("tries of calls for which a node of the history store could not be connected"),
  /** An error that a store answered. */
  ERROR_REPLY("tries of calls that the history store answered with an error"),
  /** No place among the operations in flight. */
  CROWDED("calls that found as many in flight as there may be, and no place in time"),
  /** A value over 5 MB. */
  LARGE_VALUE("values put that are so large (over 5 MB) that Riak warns of them"),
  /** A value over 50 MB. */
  REFUSED_VALUE("values not put because they are larger (over 50 MB) than Riak takes"),
  /** A bucket whose last writer won. */
  SIBLINGS_ALLOWED("buckets that kept no siblings and were told to (allow_mult)");

  private final String description;

  StoreCounter(String description) {
    this.description = description;
  }

  /** The name in {@code /metrics}, {@code /status} and Sky's own series: {@code damaged_batch}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it counts. */
  public String description() {
    return description;
  }
}
