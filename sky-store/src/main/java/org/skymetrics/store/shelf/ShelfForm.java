package org.skymetrics.store.shelf;

import java.util.SortedMap;
import java.util.TreeMap;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.Envelope;

/**
 * How a sort of shelf is stored: an envelope, and in it the entries in order of name.
 *
 * @param magic four letters
 * @param what it is called where it can't be read
 * @param minBytes of an entry
 * @param reading of an entry that was written
 */
public record ShelfForm<E extends Shelved>(
    String magic, String what, int minBytes, Reading<E> reading) {
  private static final int VERSION = 1;

  /** Reads what {@link Shelved#write} wrote. */
  public interface Reading<E> {
    E read(ByteReader in) throws CorruptException;
  }

  /** The whole value of these entries. */
  public byte[] toBytes(SortedMap<String, E> entries) {
    ByteWriter content = new ByteWriter(4096);
    content.varint(entries.size());
    entries.values().forEach(entry -> entry.write(content));
    return Envelope.deflate(content, magic, VERSION);
  }

  /**
   * Reads a stored shelf.
   *
   * @throws CorruptException where it is not one
   */
  public SortedMap<String, E> parse(byte[] bytes) throws CorruptException {
    ByteReader in = Envelope.inflate(bytes, magic, VERSION, what);
    TreeMap<String, E> entries = new TreeMap<>();
    int n = in.length(in.remaining() / minBytes + 1);
    for (int i = 0; i < n; i++) {
      E entry = reading.read(in);
      if (!entries.isEmpty() && entries.lastKey().compareTo(entry.name()) >= 0) {
        throw new CorruptException("a " + what + " whose entries are not in order");
      }
      entries.put(entry.name(), entry);
    }
    if (in.failed() || in.remaining() != 0) {
      throw new CorruptException("a " + what + " with bytes after its end");
    }
    return entries;
  }
}
