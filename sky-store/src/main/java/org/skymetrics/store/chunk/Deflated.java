package org.skymetrics.store.chunk;

import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.store.CorruptException;

/** Raw deflate of the sections of a chunk file. */
final class Deflated {
  /** Deflate expands at most 1032 times; a length beyond that is a lie. */
  private static final long MOST_EXPANSION = 1040;

  private Deflated() {}

  static byte[] deflate(ByteWriter content) {
    ByteWriter out = new ByteWriter(content.length() / 2 + 64);
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
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
    return out.toBytes();
  }

  /**
   * What was deflated to these bytes.
   *
   * @throws CorruptException where it is not of that length
   */
  static byte[] inflate(byte[] bytes, int offset, int deflated, int length)
      throws CorruptException {
    if (length > MOST_EXPANSION * deflated) {
      throw new CorruptException("a chunk file with an impossible length");
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(bytes, offset, deflated);
      byte[] content = new byte[length + 1];
      int n = 0;
      int more = 1;
      while (n <= length && more > 0) {
        more = inflater.inflate(content, n, content.length - n);
        n += more;
      }
      if (n != length || !inflater.finished() || inflater.getRemaining() != 0) {
        throw new CorruptException("a chunk file whose content is not as long as it says");
      }
      return content;
    } catch (DataFormatException e) {
      throw new CorruptException("a chunk file that can't be inflated: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }
}
