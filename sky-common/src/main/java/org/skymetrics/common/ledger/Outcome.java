package org.skymetrics.common.ledger;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.key.Key;

/**
 * What became of one transmission of a data packet on its lane; of each, exactly one. The sum over
 * all is what was sent, but for those that may still arrive.
 *
 * <p>What servers count of it is a series each, {@code sky>ledger|counted}; so {@code sky>ledger}
 * is the sum over all outcomes. What was sent stands beside, as {@link #SENT}.
 */
public enum Outcome {
  COUNTED(1, "counted", "Its records were counted."),
  LOST(2, "lost", "It did not come to its lane: lost, damaged or dropped on its way."),
  DUPLICATE(3, "duplicate", "It was sent again, and had been received before."),
  LATE(4, "late", "It was for a period past the late horizon."),
  MALFORMED(5, "refused|malformed", "Its records do not follow their layout."),
  BEYOND_WINDOW(6, "refused|beyond_window", "It was numbered beyond the window."),
  FUTURE(7, "refused|future", "It was for a period too far ahead of the server's clock."),
  FULL(8, "refused|full", "Too much waited for history."),
  JOURNAL_FULL(9, "refused|journal_full", "The journal was as long as it may be."),
  JOURNAL_FAILED(10, "refused|journal_failed", "It could not be written to the journal."),
  OVER_RATE(11, "refused|over_rate", "Its session sent more packets a second than it may."),
  STOPPING(12, "refused|stopping", "The server was stopping."),
  GAUGE_UNKNOWN(13, "refused|gauge_unknown", "It changes a gauge whose value was being found out.");

  /** How many transmissions there were. */
  public static final Key SENT = Key.of("sky>ledger>sent");

  private static final String PREFIX = "sky>ledger|";
  private static final Outcome[] BY_ID = byId();

  private final int id;
  private final String label;
  private final String description;

  Outcome(int id, String label, String description) {
    this.id = id;
    this.label = label;
    this.description = description;
  }

  private static Outcome[] byId() {
    Outcome[] all = new Outcome[values().length + 1];
    for (Outcome outcome : values()) {
      all[outcome.id] = outcome;
    }
    return all;
  }

  /** The outcome of this number in stored forms; null where there is none. */
  public static @Nullable Outcome byId(int id) {
    return id >= 1 && id < BY_ID.length ? BY_ID[id] : null;
  }

  /** The number in stored forms, from 1, without a gap. */
  public int id() {
    return id;
  }

  /** As in its key: {@code refused|full}. */
  public String label() {
    return label;
  }

  /** Why a packet was refused, {@code full}; the label of an outcome that is no refusal. */
  public String cause() {
    return label.substring(label.indexOf('|') + 1);
  }

  /** Whether the packet came to its lane and was not taken, for none of the reasons of its own. */
  public boolean isRefusal() {
    return label.startsWith("refused|");
  }

  /** A sentence about the packet. */
  public String description() {
    return description;
  }

  /** The series that counts it. */
  public Key key() {
    return Key.of(PREFIX + label);
  }
}
