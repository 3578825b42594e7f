package org.skymetrics.store.sqlite;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.Envelope;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.SeriesTable;
import org.skymetrics.store.period.Posting.Increment;

/**
 * The running sums of one (shard, period) as one value: tens of thousands of counters a period as
 * rows would cost a hundred times the space and most of the time of a put.
 *
 * <p>Layout: {@code SkyC}, version 1, then as a block: length, raw deflate, CRC; the content is a
 * series table, its payloads zigzag sums.
 */
final class Sums {
  private static final String MAGIC = "SkyC";
  private static final int VERSION = 1;

  private final TreeMap<Key, Long> sums = new TreeMap<>();

  /** The sums in stored form; empty where there is none. */
  static Sums parse(byte @Nullable [] bytes) throws CorruptException {
    Sums read = new Sums();
    if (bytes != null) {
      SeriesTable.read(Envelope.inflate(bytes, MAGIC, VERSION, "table of sums"))
          .forEach((series, payload) -> read.sums.put(series.key(), sum(payload)));
    }
    return read;
  }

  private static long sum(ByteReader payload) throws CorruptException {
    long sum = payload.zigzag();
    if (payload.failed()) {
      throw new CorruptException("a sum does not follow its layout");
    }
    return sum;
  }

  /**
   * Adds increments, but for those that would overflow.
   *
   * @return how many of those there were
   */
  int add(List<Increment> increments) {
    int refused = 0;
    for (Increment increment : increments) {
      long before = sums.getOrDefault(increment.key(), 0L);
      long after = before + increment.by();
      if (((before ^ after) & (increment.by() ^ after)) < 0) {
        refused++;
      } else {
        sums.put(increment.key(), after);
      }
    }
    return refused;
  }

  SortedMap<Key, Long> byKey() {
    return sums;
  }

  byte[] toBytes() {
    SeriesTable.Builder table = new SeriesTable.Builder();
    ByteWriter payload = new ByteWriter(16);
    sums.forEach(
        (key, sum) -> {
          payload.clear();
          payload.zigzag(sum);
          table.add(new Series(key, Kind.COUNTER), payload.array(), payload.length());
        });
    ByteWriter content = new ByteWriter(4096);
    table.write(content);
    return Envelope.deflate(content, MAGIC, VERSION);
  }
}
