package org.skymetrics.server.journal;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;
import org.skymetrics.common.bytes.ByteReader;

/**
 * Reads the frames of one file up to the first that is not whole. Any bytes may be in the file.
 * What a killed process leaves behind its last whole frame is less than one append; more than that
 * comes from a machine that crashed or a disk that lies.
 */
final class FrameReader implements Closeable {
  /** How a file ends. */
  enum Ending {
    /** With a whole frame. */
    CLEAN,
    /** In the middle of what was appended last. */
    TORN,
    /** Otherwise: bytes were damaged. */
    DAMAGED
  }

  /** More than any append of packets has. */
  static final long MAX_TORN_BYTES = 1 << 20;

  private static final int BUFFER_BYTES = 256 << 10;

  private final InputStream in;
  private final long fileLength;
  private final CRC32C crc = new CRC32C();
  private final ByteReader body = new ByteReader();
  private final byte[] header = new byte[Frames.HEADER_BYTES];
  private byte[] bytes = new byte[2048];
  private long position;
  private Ending ending = Ending.CLEAN;

  FrameReader(InputStream in, long fileLength) {
    this.in = new BufferedInputStream(in, BUFFER_BYTES);
    this.fileLength = fileLength;
  }

  /** Moves to the next frame; false behind the last whole one. */
  boolean next() throws IOException {
    long left = fileLength - position;
    if (left == 0 || ending != Ending.CLEAN) {
      return false;
    }
    if (left < Frames.HEADER_BYTES || in.readNBytes(header, 0, header.length) < header.length) {
      return bad(left, true);
    }
    ByteReader head = new ByteReader(header);
    int length = head.u32();
    int sum = head.u32();
    if (length <= 0 || length > left - Frames.HEADER_BYTES) {
      return bad(left, true);
    }
    if (bytes.length < length) {
      bytes = new byte[Math.max(length, 2 * bytes.length)];
    }
    if (in.readNBytes(bytes, 0, length) < length) {
      return bad(left, true);
    }
    crc.reset();
    crc.update(bytes, 0, length);
    if ((int) crc.getValue() != sum) {
      return bad(left, length == left - Frames.HEADER_BYTES);
    }
    position += Frames.HEADER_BYTES + length;
    body.reset(bytes, 0, length);
    return true;
  }

  private boolean bad(long left, boolean reachesTheEnd) {
    ending = reachesTheEnd && left <= MAX_TORN_BYTES ? Ending.TORN : Ending.DAMAGED;
    return false;
  }

  /** The body of the frame, from its first byte, the type. */
  ByteReader body() {
    return body;
  }

  /** How the file ended, once {@link #next} said false. */
  Ending ending() {
    return ending;
  }

  /** Bytes behind the last whole frame. */
  long bytesLeft() {
    return fileLength - position;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
