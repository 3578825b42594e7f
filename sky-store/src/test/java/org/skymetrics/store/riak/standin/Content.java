package org.skymetrics.store.riak.standin;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * One value of a key with all that Riak keeps beside it.
 *
 * @param sent the content as the client sent it
 * @param deleted whether it is a tombstone
 * @param dot which write made it
 */
record Content(Message sent, boolean deleted, String tag, Instant modified, VectorClock.Entry dot) {
  private static final int VALUE = 1;
  private static final int CONTENT_TYPE = 2;
  private static final int CHARSET = 3;
  private static final int ENCODING = 4;
  private static final int TAG = 5;
  private static final int LINKS = 6;
  private static final int MODIFIED_S = 7;
  private static final int MODIFIED_US = 8;
  private static final int USER_META = 9;
  private static final int INDEXES = 10;
  private static final int DELETED = 11;

  byte[] value() {
    return sent.bytes(VALUE);
  }

  /** The secondary indexes: pairs of name and value, in order of the names. */
  List<Message> indexes() {
    return sent.messages(INDEXES).stream()
        .sorted(Comparator.comparing((Message pair) -> pair.text(1)).thenComparing(p -> p.text(2)))
        .toList();
  }

  /** The content as a reply holds it. */
  Message toMessage(boolean withValue) {
    Message message =
        new Message()
            .bytes(VALUE, withValue ? value() : new byte[0])
            .copy(CONTENT_TYPE, sent)
            .copy(CHARSET, sent)
            .copy(ENCODING, sent)
            .text(TAG, tag)
            .copy(LINKS, sent)
            .number(MODIFIED_S, modified.getEpochSecond())
            .number(MODIFIED_US, modified.getNano() / 1000)
            .copy(USER_META, sent);
    indexes().forEach(pair -> message.message(INDEXES, pair));
    return deleted ? message.flag(DELETED, true) : message;
  }
}
