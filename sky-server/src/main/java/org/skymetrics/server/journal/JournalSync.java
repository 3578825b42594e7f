package org.skymetrics.server.journal;

/**
 * When the journal is forced to the disk. It guards against a crash of the machine; what was
 * written outlives the process in any case. Whatever the policy, a segment is forced before any
 * batch of it leaves.
 */
public enum JournalSync {
  /** When the system likes to. */
  NONE("none"),
  /** Each second. */
  EVERY_SECOND("1s"),
  /** Before each acknowledgement. */
  EACH("each");

  private final String label;

  JournalSync(String label) {
    this.label = label;
  }

  /** As options spell it. */
  public String label() {
    return label;
  }

  /**
   * The policy that an option spells.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static JournalSync parse(String text) {
    for (JournalSync sync : values()) {
      if (sync.label.equals(text)) {
        return sync;
      }
    }
    throw new IllegalArgumentException(
        "a journal is synced none, 1s or each, not \"" + text + "\"");
  }
}
