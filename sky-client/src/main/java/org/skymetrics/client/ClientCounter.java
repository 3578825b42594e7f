package org.skymetrics.client;

import org.skymetrics.common.wire.PacketFault;

/**
 * What the client counts about itself, beside what applications count with it. Each is a number
 * since the start.
 */
public enum ClientCounter {
  REFUSED_NO_KEY("calls whose key was null or empty"),
  REFUSED_LONG_KEY("calls whose key has more than 500 bytes"),
  REFUSED_CONTROL_CHARACTER("calls whose key holds a control character"),
  REFUSED_EMPTY_SEGMENT("calls whose key has an empty segment"),
  REFUSED_NOT_UNICODE("calls whose key is no valid Unicode"),
  REFUSED_NOT_FINITE("calls with a value that is not finite"),
  REFUSED_SCOPE("scopes asked for past the limit of scopes: what is counted in them is dropped"),
  OVER_LIMIT("calls of new keys past the key limit: counted in their parents and in sky>overflow"),
  FOLDED_LATE(
      "counts sent with a later period's, because the packet budget was used up; those of that"
          + " period itself included"),
  PACKETS_SENT("data packets sent for the first time"),
  PACKETS_RESENT("data packets sent again"),
  PACKETS_ACKNOWLEDGED("data packets that a server acknowledged"),
  PACKETS_RENUMBERED(
      "data packets sent on a new lane, because the old one was gone and had not counted them"),
  PACKETS_AMBIGUOUS(
      "data packets given up, because a server that may have counted them forgot its lane, or did"
          + " not return"),
  PACKETS_MOVED(
      "data packets that went to another server, because theirs was silent or left, and had not"
          + " counted them"),
  COUNTS_AMBIGUOUS("counts in packets that were given up as ambiguous"),
  COUNTS_LEFT_AT_CLOSE("counts not acknowledged when the time for closing was over"),
  PACKETS_LEFT_AT_CLOSE(
      "data packets not acknowledged when the time for closing was over; one that holds nothing but"
          + " fractions of counts has no whole count that could be told as left"),
  RECORDS_SENT("records in data packets sent for the first time"),
  FLUSHES_FAR_APART(
      "flushes after which the next comes later than the flush interval says, because there were"
          + " more than 200,000 records a second"),
  BYTES_SENT("bytes of all packets sent"),
  PACKETS_RECEIVED("packets received"),
  PACKETS_REFUSED("packets received that are not of the protocol, or not for this session"),
  PACKETS_NOT_OPENED(
      "packets received that are sealed with a secret that is not accepted here, or not sealed where"
          + " there is one, or sealed where there is none"),
  PACKETS_REPLAYED("packets received that are sealed, and had come before"),
  SEND_FAILURES("packets that the network refused to send"),
  UNKNOWN_HOST("look-ups of a server's name that failed"),
  SERVER_SILENT("times that a server stopped answering, and its keys went to others"),
  HANDSHAKES("lanes opened"),
  RINGS_TAKEN("rings learned"),
  SERIES_RETIRED("cells retired after some minutes without use"),
  SENDER_FAULTS("faults of the sender itself; it goes on");

  private final String description;

  ClientCounter(String description) {
    this.description = description;
  }

  /** The counter of received packets with this fault. */
  static ClientCounter of(PacketFault fault) {
    return switch (fault) {
      case SEALED, UNSEALED, BAD_TAG -> PACKETS_NOT_OPENED;
      case REPLAYED -> PACKETS_REPLAYED;
      case NOT_SKY, TOO_SHORT, TOO_LONG, OTHER_VERSION, UNKNOWN_TYPE, BAD_CHECKSUM, MALFORMED ->
          PACKETS_REFUSED;
    };
  }

  /** What is counted, as half a sentence. */
  public String description() {
    return description;
  }
}
