package org.skymetrics.store.block;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.Envelope;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.SeriesTable;

/**
 * The series of a shard that history has seen, each with the last period it was seen in. United by
 * the later one. Immutable.
 */
public final class KeyList {
  private static final String MAGIC = "SkyN";
  private static final int VERSION = 1;
  private static final long MAX_SECONDS = Long.MAX_VALUE / 1000;

  private final SortedMap<Series, Long> lastSeenMs;

  private KeyList(SortedMap<Series, Long> lastSeenMs) {
    this.lastSeenMs = Collections.unmodifiableSortedMap(lastSeenMs);
  }

  public static KeyList empty() {
    return new KeyList(new TreeMap<>());
  }

  /** The key in history of the list of this shard. */
  public static String historyKey(int shard) {
    return "keys/" + shard;
  }

  /** The series, each with the start of the last period it was seen in, ms since 1970. */
  public SortedMap<Series, Long> lastSeenMs() {
    return lastSeenMs;
  }

  /** This list and these, each at the later of its times. */
  public KeyList with(Map<Series, Long> more) {
    TreeMap<Series, Long> all = new TreeMap<>(lastSeenMs);
    more.forEach((series, ms) -> all.merge(series, ms, Math::max));
    return new KeyList(all);
  }

  public byte[] toBytes() {
    SeriesTable.Builder table = new SeriesTable.Builder();
    ByteWriter payload = new ByteWriter(16);
    lastSeenMs.forEach(
        (series, ms) -> {
          payload.clear();
          payload.varint(ms / 1000);
          table.add(series, payload.array(), payload.length());
        });
    ByteWriter content = new ByteWriter(4096);
    table.write(content);
    return Envelope.deflate(content, MAGIC, VERSION);
  }

  /**
   * Reads a stored list.
   *
   * @throws CorruptException where it is not one
   */
  public static KeyList parse(byte[] bytes) throws CorruptException {
    ByteReader in = Envelope.inflate(bytes, MAGIC, VERSION, "key list");
    TreeMap<Series, Long> all = new TreeMap<>();
    SeriesTable.read(in).forEach((series, payload) -> all.put(series, seenMs(payload)));
    if (in.remaining() != 0) {
      throw new CorruptException("a key list has bytes after its series table");
    }
    return new KeyList(all);
  }

  private static long seenMs(ByteReader payload) throws CorruptException {
    long seconds = payload.varint();
    if (payload.failed() || seconds < -MAX_SECONDS || seconds > MAX_SECONDS) {
      throw new CorruptException("a key list has a time that makes no sense");
    }
    return seconds * 1000;
  }
}
