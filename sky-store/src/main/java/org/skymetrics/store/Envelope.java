package org.skymetrics.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * The envelope of all stored values: a magic of four letters, a version, the content, a CRC-32C of
 * all before it; the content raw or deflated behind its length.
 */
public final class Envelope {
  private static final int MAX_CONTENT_BYTES = 1 << 30;
  private static final int FIRST_BYTES = 1 << 16;

  private Envelope() {}

  /** Ends a value that was written from the first byte of {@code out}. */
  public static void append(ByteWriter out) {
    out.u32(crc(out.array(), out.length()));
  }

  /**
   * Checks the envelope of a value and gives a reader over its content.
   *
   * @throws CorruptException where magic, version or checksum are wrong
   */
  public static ByteReader open(byte[] bytes, String magic, int version, String what)
      throws CorruptException {
    int end = bytes.length - 4;
    if (end < 5 || !new String(bytes, 0, 4, StandardCharsets.ISO_8859_1).equals(magic)) {
      throw new CorruptException("these " + bytes.length + " bytes are not a " + what);
    }
    if (bytes[4] != version) {
      throw new CorruptException("a " + what + " of version " + bytes[4] + ", known is " + version);
    }
    if (new ByteReader().reset(bytes, end, 4).u32() != crc(bytes, end)) {
      throw new CorruptException("a " + what + " whose checksum is wrong");
    }
    return new ByteReader().reset(bytes, 5, end - 5);
  }

  /**
   * The whole value of this content, deflated. Equal contents give equal bytes within one process;
   * another deflate library may give other bytes for them.
   *
   * @throws IllegalArgumentException where the content is over 1 GiB
   */
  public static byte[] deflate(ByteWriter content, String magic, int version) {
    if (content.length() > MAX_CONTENT_BYTES) {
      throw new IllegalArgumentException(content.length() + " bytes are too many for one value");
    }
    ByteWriter out = new ByteWriter(content.length() / 2 + 64);
    out.ascii(magic).u8(version).u32(content.length());
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(content.array(), 0, content.length());
      deflater.finish();
      byte[] part = new byte[8192];
      while (!deflater.finished()) {
        out.raw(part, 0, deflater.deflate(part));
      }
    } finally {
      deflater.end();
    }
    append(out);
    return out.toBytes();
  }

  /**
   * The content of a value that {@link #deflate} made.
   *
   * @throws CorruptException where it is not one
   */
  public static ByteReader inflate(byte[] bytes, String magic, int version, String what)
      throws CorruptException {
    ByteReader in = open(bytes, magic, version, what);
    int length = in.u32();
    // Deflate expands at most 1032 times; a length beyond that is a lie that must not cost memory.
    if (in.failed() || length < 0 || length > Math.min(MAX_CONTENT_BYTES, 1040L * bytes.length)) {
      throw new CorruptException("a " + what + " with an impossible length");
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(bytes, in.position(), in.remaining());
      byte[] content = inflate(inflater, length);
      if (content.length != length || !inflater.finished() || inflater.getRemaining() != 0) {
        throw new CorruptException("a " + what + " whose content is not as long as it says");
      }
      return new ByteReader(content);
    } catch (DataFormatException e) {
      throw new CorruptException("a " + what + " that can't be inflated: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }

  /** The content, up to {@code length} bytes and one more; space is taken as it comes. */
  private static byte[] inflate(Inflater inflater, int length) throws DataFormatException {
    byte[] content = new byte[Math.min(length, FIRST_BYTES) + 1];
    int n = 0;
    while (true) {
      int more = inflater.inflate(content, n, content.length - n);
      n += more;
      if (more == 0 || n > length) {
        return Arrays.copyOf(content, n);
      }
      if (n == content.length) {
        content = Arrays.copyOf(content, (int) Math.min(2L * n, length + 1L));
      }
    }
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
