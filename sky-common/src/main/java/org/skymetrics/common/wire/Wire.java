package org.skymetrics.common.wire;

/** The numbers of wire protocol 1 that both sides need. */
public final class Wire {
  /** First byte of every packet; UTF-8 text never holds it. */
  public static final int MAGIC = 0xfa;

  public static final int VERSION = 1;

  /** The greatest UDP payload that Sky sends or takes, bytes. */
  public static final int MAX_PACKET_BYTES = 1440;

  /** The greatest DATA packet, so that it still fits when it is sealed, bytes. */
  public static final int MAX_DATA_BYTES = MAX_PACKET_BYTES - 24;

  /** Packets in flight on one lane at most; the width of the dedupe window. */
  public static final int WINDOW = 256;

  /** Flag bit of a sealed packet. */
  public static final int FLAG_SEALED = 1;

  /** Flag bit of the last ACK of a lane. */
  public static final int FLAG_FINAL = 2;

  public static final int COOKIE_BYTES = 16;

  public static final int HEADER_BYTES = 12;

  private Wire() {}
}
