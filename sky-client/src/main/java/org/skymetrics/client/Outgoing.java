package org.skymetrics.client;

/** A data packet from its making to its acknowledgement. The sender's alone. */
final class Outgoing {
  /** In order of making, over all servers. */
  final long id;

  final byte[] bytes;
  final int records;

  /** The middle of the period of its fold, on the monotonic clock. */
  final long referenceNs;

  /** How many counts and samples it carries. */
  final long counts;

  /** 0 until it is numbered. */
  long sequence;

  /** On the present lane. */
  int transmissions;

  /** Whether it was transmitted on any lane. */
  boolean sent;

  long firstSentNs;
  long lastSentNs;

  Outgoing(long id, byte[] bytes, int records, long referenceNs, long counts) {
    this.id = id;
    this.bytes = bytes;
    this.records = records;
    this.referenceNs = referenceNs;
    this.counts = counts;
  }
}
