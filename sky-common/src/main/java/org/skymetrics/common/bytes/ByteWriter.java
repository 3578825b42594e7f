package org.skymetrics.common.bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing byte array with the encodings of docs/protocol.md: big-endian integers, LEB128 varints,
 * zigzag. Not safe for use by several threads. Reuse one with {@link #clear()} where many small
 * values are written.
 */
public final class ByteWriter {
  private byte[] bytes;
  private int length;

  /** A writer that holds {@code capacity} bytes before it first grows. */
  public ByteWriter(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  /** The number of bytes written. */
  public int length() {
    return length;
  }

  /** The array behind this writer, good up to {@link #length()} and until the next write. */
  public byte[] array() {
    return bytes;
  }

  /** A copy of what was written. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** Forgets what was written; keeps the space. */
  public void clear() {
    length = 0;
  }

  /** Cuts back to the first {@code newLength} bytes. */
  public void truncate(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IndexOutOfBoundsException("length " + length + ", wanted " + newLength);
    }
    length = newLength;
  }

  public ByteWriter u8(int v) {
    ensure(1);
    bytes[length++] = (byte) v;
    return this;
  }

  public ByteWriter u16(int v) {
    ensure(2);
    putU16(length, v);
    length += 2;
    return this;
  }

  public ByteWriter u32(int v) {
    ensure(4);
    putU32(length, v);
    length += 4;
    return this;
  }

  public ByteWriter u64(long v) {
    ensure(8);
    putU64(length, v);
    length += 8;
    return this;
  }

  public ByteWriter f64(double v) {
    return u64(Double.doubleToRawLongBits(v));
  }

  public ByteWriter varint(long v) {
    ensure(10);
    while ((v & ~0x7fL) != 0) {
      bytes[length++] = (byte) (v | 0x80);
      v >>>= 7;
    }
    bytes[length++] = (byte) v;
    return this;
  }

  public ByteWriter zigzag(long v) {
    return varint((v << 1) ^ (v >> 63));
  }

  public ByteWriter raw(byte[] source, int offset, int count) {
    ensure(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
    return this;
  }

  public ByteWriter raw(byte[] source) {
    return raw(source, 0, source.length);
  }

  public ByteWriter ascii(String s) {
    return raw(s.getBytes(StandardCharsets.US_ASCII));
  }

  public ByteWriter zeros(int count) {
    ensure(count);
    Arrays.fill(bytes, length, length + count, (byte) 0);
    length += count;
    return this;
  }

  /**
   * Leaves room for bytes that the caller puts into {@link #array()} at once.
   *
   * @return where it begins
   */
  public int reserve(int count) {
    ensure(count);
    int at = length;
    length += count;
    return at;
  }

  /** Overwrites two bytes at {@code offset}, which were written before. */
  public void putU16(int offset, int v) {
    bytes[offset] = (byte) (v >>> 8);
    bytes[offset + 1] = (byte) v;
  }

  /** Overwrites four bytes at {@code offset}, which were written before. */
  public void putU32(int offset, int v) {
    putU16(offset, v >>> 16);
    putU16(offset + 2, v);
  }

  private void putU64(int offset, long v) {
    putU32(offset, (int) (v >>> 32));
    putU32(offset + 4, (int) v);
  }

  /** The number of bytes that {@link #varint} writes for {@code v}. */
  public static int varintLength(long v) {
    return v == 0 ? 1 : (70 - Long.numberOfLeadingZeros(v)) / 7;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
