package org.skymetrics.store.riak.standin;

/** What can go wrong with one request. */
public sealed interface Fault {
  /** It is not carried out, and answered with an error of this text. */
  record Error(String text) implements Fault {}

  /** It is not carried out, and the connection is closed. */
  record CutRequest() implements Fault {}

  /** It is carried out; this many bytes of the reply are sent, and the connection is closed. */
  record CutReply(int bytes) implements Fault {}

  /** It is carried out, and never answered; the connection stays open. */
  record Silence() implements Fault {}
}
