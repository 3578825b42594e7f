package org.skymetrics.common.key;

/** Why a text is not a key. */
public enum KeyFault {
  EMPTY("a key needs at least one byte"),
  TOO_LONG("a key has at most " + Key.MAX_BYTES + " bytes of UTF-8"),
  CONTROL_CHARACTER("a key has no control characters"),
  EMPTY_SEGMENT("a key has no empty segment before, between or after '|' and '>'"),
  NOT_UTF8("a key is valid UTF-8");

  private final String description;

  KeyFault(String description) {
    this.description = description;
  }

  /** What would be right, as half a sentence. */
  public String description() {
    return description;
  }
}
