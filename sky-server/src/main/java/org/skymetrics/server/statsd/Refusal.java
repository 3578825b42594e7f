package org.skymetrics.server.statsd;

/**
 * Why a line of text is refused: the closed list. A refused line has no effect at all; the lines
 * after it are still read.
 */
public enum Refusal {
  LINE_TOO_LONG("longer than a line may be"),
  BAD_TEXT("holds control characters or is not UTF-8"),
  NO_VALUE("has no ':' with a value after its name"),
  BAD_NAME("has no name, or one that is not a key"),
  BAD_VALUE("has a value that is not a finite number"),
  BAD_TYPE("has no type, or none of c, g, ms, h, d, s"),
  BAD_RATE("has a sample rate that is not a number from 0.000001 to 1"),
  BAD_TAG("has tags that make no key"),
  BAD_TIMESTAMP("has a time that is not a positive number of seconds on a counter or gauge"),
  BAD_EVENT("is an event or service check that does not follow its form"),
  LATE("has a time before the late horizon, or in the future"),
  NOT_SUPPORTED("changes a gauge at a time outside the running period"),
  NO_ROOM("is one more series of a past period, or change of a gauge, than is held at a time"),
  NOT_TERMINATED("was cut: its connection ended, or its packet was longer than is read");

  private final String description;

  Refusal(String description) {
    this.description = description;
  }

  /** Half a sentence about the line. */
  public String description() {
    return description;
  }
}
