package org.skymetrics.server.count;

import java.util.Locale;
import org.skymetrics.common.key.KeyFault;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.common.wire.PacketFault;
import org.skymetrics.server.statsd.Refusal;
import org.skymetrics.store.StoreException;

/** What a server counts about itself. {@code /metrics} and {@code /status} are made from this. */
public enum ServerCounter {
  PACKETS_RECEIVED("Packets that came in, of any kind."),
  BYTES_RECEIVED("Bytes of UDP payload that came in."),
  PACKETS_NOT_SKY("Packets dropped: they do not begin with the magic byte."),
  PACKETS_TOO_SHORT("Packets dropped: shorter than the fixed part of their type."),
  PACKETS_TOO_LONG("Packets dropped: longer than 1440 bytes."),
  PACKETS_OTHER_VERSION("Packets dropped: of a protocol version that is not 1."),
  PACKETS_UNKNOWN_TYPE("Packets dropped: of a type that protocol 1 does not have."),
  PACKETS_SEALED("Packets dropped: sealed, and there is no secret to open them with."),
  PACKETS_UNSEALED("Packets dropped: not sealed, and this server has a secret."),
  PACKETS_BAD_TAG(
      "Packets dropped: sealed with a secret that is not accepted here, or changed on their way."),
  PACKETS_REPLAYED(
      "Packets dropped: sealed, and come before. The network or somebody doubled them."),
  PACKETS_BAD_CHECKSUM("Packets dropped: damaged on their way. The client sends them again."),
  PACKETS_MALFORMED("Packets dropped: their content does not follow its layout."),
  PACKETS_WRONG_DIRECTION("Packets dropped: of a type that only servers send."),
  PACKETS_WHILE_STOPPING("Packets dropped because the server was stopping."),

  HELLOS("Requests for a cookie."),
  COOKIES_SENT("Cookies sent."),
  COOKIES_REFUSED("Packets dropped: their cookie is wrong or too old."),
  LANES_OPENED("Lanes opened."),
  LANES_RESUMED("Lanes that went on under their number."),
  LANES_MOVED("Lanes whose client came back with another address."),
  LANES_RESTORED("Lanes that the journal knew when the server started."),
  LANES_EXPIRED("Lanes closed because nothing was heard on them for long."),
  LANES_EVICTED("Idle lanes closed to make room for others."),
  LANES_OVER_QUOTA("Lanes not opened: the session has as many as it may, all in use."),
  LANES_REFUSED("Lanes not opened: the limit is reached and none is idle."),
  VERDICTS_RENUMBER("Clients told to number the open packets of a lost lane anew."),
  VERDICTS_UNKNOWN("Clients told that packets of a lost lane may have been counted."),
  UNPROVED_DATA("Data packets not taken: of an unknown lane, or not from the lane's address."),
  RING_PARTS_SENT("Parts of the ring sent."),

  PACKETS_PASSED("Packets passed on to the receiving thread that their lane belongs to."),
  PACKETS_DROPPED_PASSING(
      "Packets dropped: the queue to another receiving thread was full. The client sends them"
          + " again."),
  KERNEL_DROPS("Packets that the kernel dropped, because they came faster than they were taken."),
  REPLIES_DROPPED("Answers not sent: the socket took no more, or refused them."),
  ACKS_SENT("Acknowledgements sent."),
  FINAL_ACKS_SENT("Last acknowledgements of lanes, sent when the server stops."),

  DATA_TRANSMISSIONS(
      "Data packets sent on lanes, each time that one was sent: as far as their numbers are known"
          + " here."),
  DATA_PACKETS_LOST(
      "Data packets sent that did not come to their lane: lost, damaged or dropped on their way."),
  DATA_PACKETS_COPIED("Copies of data packets that the network made: dropped."),
  DATA_PACKETS_BELATED(
      "Data packets dropped: they came after more than 1024 that were sent later, and are known as"
          + " lost."),
  DATA_PACKETS_MALFORMED(
      "Data packets refused: their records do not follow their layout. Acknowledged, not counted."),
  DATA_PACKETS_OVER_RATE(
      "Data packets dropped: their session sent more a second than it may. It sends them again."),
  DATA_PACKETS_WHILE_STOPPING("Data packets refused because the server was stopping."),
  DATA_PACKETS_COUNTED("Data packets whose records were counted."),
  DUPLICATES("Data packets that were received before: acknowledged again, not counted again."),
  BEYOND_WINDOW("Data packets dropped: numbered beyond the window."),
  LATE_PACKETS("Data packets for a period past the late horizon: acknowledged, not counted."),
  LATE_RECORDS("Records in late packets."),
  LATE_COUNTS("Sum of the counters in late packets."),
  FUTURE_PACKETS(
      "Data packets dropped: for a period too far ahead of this server's clock. The client sends"
          + " them again."),
  FULL_PACKETS(
      "Data packets neither counted nor acknowledged: the limit of unconfirmed bytes is reached."),

  JOURNAL_FULL_PACKETS(
      "Data packets neither counted nor acknowledged: the journal is as long as it may be."),
  JOURNAL_FAILED_PACKETS(
      "Data packets neither counted nor acknowledged: they could not be written to the journal."
          + " The client sends them again."),
  GAUGE_CHANGES_WAITING(
      "Data packets neither counted nor acknowledged: they change a gauge whose value is being"
          + " found out. The client sends them again."),
  GAUGES_NOT_FOUND_OUT(
      "Gauges that were changed while the period store could not say what they were: the change"
          + " was added to what this server knew, or to 0."),
  GAUGES_FORGOTTEN("Times that all gauges followed for changes were forgotten: too many."),
  TEXT_PACKETS("Packets of statsd text that came in."),
  TEXT_STREAM_BYTES("Bytes of statsd text that came in over TCP."),
  TEXT_LINES("Lines of text that were counted."),
  TEXT_PACKETS_NOT_ALLOWED("Packets of text dropped: text is not taken from their sender."),
  TEXT_PACKETS_WHILE_STOPPING("Packets of text dropped because the server was stopping."),
  TEXT_PACKETS_CUT("Packets of text longer than is read: their last line is refused."),
  TEXT_CONNECTIONS("TCP connections taken for text."),
  TEXT_CONNECTIONS_NOT_ALLOWED("TCP connections closed: text is not taken from their sender."),
  TEXT_CONNECTIONS_OVER_LIMIT("TCP connections closed: there are as many as there may be."),
  TEXT_CONNECTIONS_IDLE("TCP connections closed because nothing was heard on them for long."),
  TEXT_CONNECTIONS_BROKEN("TCP connections of text that ended by an error."),
  TEXT_TOO_LONG("Lines of text refused: too long."),
  TEXT_BAD_TEXT("Lines of text refused: control characters, or not UTF-8."),
  TEXT_NO_VALUE("Lines of text refused: no value."),
  TEXT_BAD_NAME("Lines of text refused: no name, or one that is not a key."),
  TEXT_BAD_VALUE("Lines of text refused: a value that is not a finite number."),
  TEXT_BAD_TYPE("Lines of text refused: no type, or an unknown one."),
  TEXT_BAD_RATE("Lines of text refused: a sample rate that is not from 0.000001 to 1."),
  TEXT_BAD_TAG("Lines of text refused: tags that make no key."),
  TEXT_BAD_TIMESTAMP("Lines of text refused: a time that is none."),
  TEXT_BAD_EVENT("Lines of text refused: an event or service check that does not follow its form."),
  TEXT_LATE("Lines of text refused: of a time past the late horizon, or in the future."),
  TEXT_NOT_SUPPORTED("Lines of text refused: they change a gauge outside the running period."),
  TEXT_NO_ROOM(
      "Lines of text refused: of one more series of a past period, or change of a gauge, than is"
          + " held until the next flush."),
  TEXT_NOT_TERMINATED("Lines of text refused: cut off before their end."),
  TEXT_UNKNOWN_FIELDS("Fields of lines that this version does not know; the lines are counted."),
  TEXT_TYPE_CONFLICTS("Lines whose key was of another type before: counted as another series."),
  TEXT_KEYS_FORGOTTEN(
      "Times that a thread forgot the keys it knew from text, because there were too many."),
  TEXT_COUNTS_LEFT("Counts from text that no server had acknowledged when the server ended."),
  EVENTS("Events that came in as text; /status shows the last ones."),
  ANNOTATIONS_PUT("Events that the period store took as annotations."),
  ANNOTATIONS_DROPPED(
      "Events that are no annotations: too many waited for the period store, or the server ended"
          + " before it took them."),
  SERVICE_CHECKS("Service checks that came in as text; /status shows the last ones."),

  RECORDS_COUNTED("Records counted."),
  RECORDS_UNKNOWN_KIND("Records skipped: of a kind that this version does not know."),
  KEYS_EMPTY("Records refused: a key without a byte."),
  KEYS_TOO_LONG("Records refused: a key of more than 500 bytes."),
  KEYS_CONTROL_CHARACTER("Records refused: a key with a control character."),
  KEYS_EMPTY_SEGMENT("Records refused: a key with an empty segment."),
  KEYS_NOT_UTF8("Records refused: a key that is not UTF-8."),
  OVERFLOW_RECORDS(
      "Records of new keys past the key limit: counted in their parents and in sky>overflow."),
  KEYS_UNLISTED("Entries dropped from the log of keys because it was full."),

  SEGMENTS_SEALED("Segments sealed."),
  SEGMENTS_SEALED_EARLY("Segments sealed before their period's end, for their size."),
  BATCHES_SEALED("Batches made."),
  BATCH_BYTES_SEALED("Bytes of the batches made."),
  JOURNAL_BYTES_WRITTEN("Bytes of packets written to the journal."),
  JOURNAL_WRITES_FAILED("Writes to the journal that failed: nothing of them counts."),
  JOURNAL_FORCES_FAILED("Times that the journal could not be forced to the disk."),
  JOURNAL_SEALS_FAILED("Times that a segment's batches could not be written, and did not leave."),
  JOURNAL_DELETES_FAILED("Times that confirmed segments could not be deleted."),
  JOURNAL_SEGMENTS_RESTORED("Segments whose batches were taken from the journal at the start."),
  JOURNAL_SEGMENTS_REPLAYED("Segments that were folded again from their packets at the start."),
  JOURNAL_SEGMENTS_DELETED("Segments deleted because history has all of them."),
  JOURNAL_PACKETS_REPLAYED("Data packets counted again from the journal at the start."),
  JOURNAL_BYTES_TORN("Bytes cut from the ends of files: writes that a crash interrupted."),
  JOURNAL_GAPS(
      "Lanes of which a file lacks packets that a later one knows of: the machine crashed before it"
          + " was forced, or it was cut."),
  JOURNAL_FILES_DAMAGED("Files of the journal found damaged; they are kept aside."),
  BATCHES_PUT("Batches that the period store took."),
  BATCHES_KNOWN("Batches put that the period store knew already."),
  BATCHES_PUT_AGAIN("Batches put again: the period store did not know them any more."),
  BATCHES_CONFIRMED("Batches that history holds."),
  BATCHES_LEFT("Batches that the period store had not taken when the server ended."),
  STORE_UNAVAILABLE("Period store errors: not reached, or the connection was cut."),
  STORE_TIMEOUT("Period store errors: no answer in time."),
  STORE_REFUSES_WRITES("Period store errors: it takes no writes."),
  STORE_NOT_ALLOWED("Period store errors: user, password or rights."),
  STORE_FOREIGN_CONTENT("Period store errors: it holds something else, or has another layout."),
  STORE_OTHER("Period store errors of any other cause."),

  MEMBERS_JOINED("Members that joined the ring, this one among them."),
  MEMBERS_LEFT("Members that left the ring in good order."),
  MEMBERS_LOST("Members taken out of the ring because their leases ran out."),
  LEASES_FAILED("Renewals of this server's lease that failed; the ring stayed as it was."),
  LEASES_REFUSED("Renewals of this server's lease refused: another server has its name."),

  READS("Requests for running batches answered."),
  READS_REFUSED("Requests for running batches refused: too many at a time."),
  READS_FAILED("Requests for running batches that failed."),
  LIVE_STREAMS_REFUSED("Streams of live seconds refused: there are as many as there may be."),
  LIVE_WATCHES_REFUSED(
      "Streams of live seconds closed: they watch more series than all together may."),
  LIVE_MESSAGES_REFUSED(
      "Streams of live seconds closed for what they asked: nonsense, or too much."),
  LIVE_MESSAGES_SKIPPED(
      "Messages of live seconds left out because a stream took the one before too slowly; the next"
          + " makes up for them."),
  LIVE_SECONDS_FORGOTTEN("Live seconds forgotten before their time, for their size."),
  ADMIN_REFUSED(
      "Requests to the admin HTTP refused: without the token of a shared secret, or of a page that"
          + " came by another name."),
  INTERNAL_ERRORS("Faults of the server itself; the log has the first of each kind.");

  private final String description;

  ServerCounter(String description) {
    this.description = description;
  }

  /** A sentence. */
  public String description() {
    return description;
  }

  /** The name in JSON and in series: {@code packets_received}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The counter of packets with this fault. */
  public static ServerCounter of(PacketFault fault) {
    return switch (fault) {
      case NOT_SKY -> PACKETS_NOT_SKY;
      case TOO_SHORT -> PACKETS_TOO_SHORT;
      case TOO_LONG -> PACKETS_TOO_LONG;
      case OTHER_VERSION -> PACKETS_OTHER_VERSION;
      case UNKNOWN_TYPE -> PACKETS_UNKNOWN_TYPE;
      case SEALED -> PACKETS_SEALED;
      case UNSEALED -> PACKETS_UNSEALED;
      case BAD_TAG -> PACKETS_BAD_TAG;
      case REPLAYED -> PACKETS_REPLAYED;
      case BAD_CHECKSUM -> PACKETS_BAD_CHECKSUM;
      case MALFORMED -> PACKETS_MALFORMED;
    };
  }

  /** The counter of data packets with this outcome. */
  public static ServerCounter of(Outcome outcome) {
    return switch (outcome) {
      case COUNTED -> DATA_PACKETS_COUNTED;
      case LOST -> DATA_PACKETS_LOST;
      case DUPLICATE -> DUPLICATES;
      case LATE -> LATE_PACKETS;
      case MALFORMED -> DATA_PACKETS_MALFORMED;
      case BEYOND_WINDOW -> BEYOND_WINDOW;
      case FUTURE -> FUTURE_PACKETS;
      case FULL -> FULL_PACKETS;
      case JOURNAL_FULL -> JOURNAL_FULL_PACKETS;
      case JOURNAL_FAILED -> JOURNAL_FAILED_PACKETS;
      case OVER_RATE -> DATA_PACKETS_OVER_RATE;
      case STOPPING -> DATA_PACKETS_WHILE_STOPPING;
      case GAUGE_UNKNOWN -> GAUGE_CHANGES_WAITING;
    };
  }

  /** The counter of records whose key has this fault. */
  public static ServerCounter of(KeyFault fault) {
    return switch (fault) {
      case EMPTY -> KEYS_EMPTY;
      case TOO_LONG -> KEYS_TOO_LONG;
      case CONTROL_CHARACTER -> KEYS_CONTROL_CHARACTER;
      case EMPTY_SEGMENT -> KEYS_EMPTY_SEGMENT;
      case NOT_UTF8 -> KEYS_NOT_UTF8;
    };
  }

  /** The counter of lines of text that were refused for this. */
  public static ServerCounter of(Refusal refusal) {
    return switch (refusal) {
      case LINE_TOO_LONG -> TEXT_TOO_LONG;
      case BAD_TEXT -> TEXT_BAD_TEXT;
      case NO_VALUE -> TEXT_NO_VALUE;
      case BAD_NAME -> TEXT_BAD_NAME;
      case BAD_VALUE -> TEXT_BAD_VALUE;
      case BAD_TYPE -> TEXT_BAD_TYPE;
      case BAD_RATE -> TEXT_BAD_RATE;
      case BAD_TAG -> TEXT_BAD_TAG;
      case BAD_TIMESTAMP -> TEXT_BAD_TIMESTAMP;
      case BAD_EVENT -> TEXT_BAD_EVENT;
      case LATE -> TEXT_LATE;
      case NOT_SUPPORTED -> TEXT_NOT_SUPPORTED;
      case NO_ROOM -> TEXT_NO_ROOM;
      case NOT_TERMINATED -> TEXT_NOT_TERMINATED;
    };
  }

  /** The counter of store errors of this kind. */
  public static ServerCounter of(StoreException.Fault fault) {
    return switch (fault) {
      case UNAVAILABLE -> STORE_UNAVAILABLE;
      case TIMEOUT -> STORE_TIMEOUT;
      case REFUSES_WRITES -> STORE_REFUSES_WRITES;
      case NOT_ALLOWED -> STORE_NOT_ALLOWED;
      case FOREIGN_CONTENT -> STORE_FOREIGN_CONTENT;
      case OTHER -> STORE_OTHER;
    };
  }
}
