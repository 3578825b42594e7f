package org.skymetrics.common.bytes;

import java.util.Arrays;

/**
 * A bounds-checked cursor over bytes that may be anything. It never throws on bad input: the first
 * read that does not fit, or a varint that is too long, makes it {@link #failed()}; from then on
 * every read gives 0 and moves nothing. So a layout is read straight through and asked once at its
 * end whether it was good.
 *
 * <p>Integers are big-endian, varints LEB128. Not safe for use by several threads.
 */
public final class ByteReader {
  private static final byte[] NOTHING = {};

  private byte[] bytes = NOTHING;
  private int position;
  private int limit;
  private boolean failed;

  public ByteReader() {}

  public ByteReader(byte[] bytes) {
    reset(bytes, 0, bytes.length);
  }

  /** Starts anew over {@code length} bytes from {@code offset}. */
  public ByteReader reset(byte[] newBytes, int offset, int length) {
    if (offset < 0 || length < 0 || length > newBytes.length - offset) {
      throw new IndexOutOfBoundsException(
          "offset " + offset + ", length " + length + " of " + newBytes.length);
    }
    bytes = newBytes;
    position = offset;
    limit = offset + length;
    failed = false;
    return this;
  }

  public boolean failed() {
    return failed;
  }

  /** Marks the input as bad, for a value that fits but makes no sense. */
  public void fail() {
    failed = true;
  }

  public int position() {
    return position;
  }

  /** Bytes left; 0 once failed. */
  public int remaining() {
    return failed ? 0 : limit - position;
  }

  public byte[] array() {
    return bytes;
  }

  public int u8() {
    return has(1) ? bytes[position++] & 0xff : 0;
  }

  public int u16() {
    if (!has(2)) {
      return 0;
    }
    int v = ((bytes[position] & 0xff) << 8) | (bytes[position + 1] & 0xff);
    position += 2;
    return v;
  }

  /** A u32 or i32, as the bits of an int. */
  public int u32() {
    return has(4) ? (u16() << 16) | u16() : 0;
  }

  /** A u64 or i64, as the bits of a long. */
  public long u64() {
    return has(8) ? ((long) u32() << 32) | (u32() & 0xffff_ffffL) : 0;
  }

  public double f64() {
    return Double.longBitsToDouble(u64());
  }

  public long varint() {
    long v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (!has(1)) {
        return 0;
      }
      byte b = bytes[position++];
      v |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        if (shift == 63 && b > 1) {
          failed = true;
          return 0;
        }
        return v;
      }
    }
    failed = true;
    return 0;
  }

  public long zigzag() {
    long v = varint();
    return (v >>> 1) ^ -(v & 1);
  }

  /** A varint that is a length: fails above {@code max}. */
  public int length(int max) {
    long v = varint();
    if (v < 0 || v > max) {
      failed = true;
      return 0;
    }
    return (int) v;
  }

  /** A copy of the next {@code count} bytes; empty when they are not there. */
  public byte[] raw(int count) {
    int from = position;
    return skip(count) ? Arrays.copyOfRange(bytes, from, position) : NOTHING;
  }

  /** Copies the next {@code count} bytes to {@code target}; nothing when they are not there. */
  public void raw(byte[] target, int offset, int count) {
    int from = position;
    if (skip(count)) {
      System.arraycopy(bytes, from, target, offset, count);
    }
  }

  /** Moves on by {@code count} bytes; false, and failed, when there are fewer. */
  public boolean skip(int count) {
    if (count < 0 || !has(count)) {
      failed = true;
      return false;
    }
    position += count;
    return true;
  }

  private boolean has(int count) {
    if (failed || limit - position < count) {
      failed = true;
      return false;
    }
    return true;
  }
}
