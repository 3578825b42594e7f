package org.skymetrics.store.sqlite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** Ascending, each key once. */
  private List<Increment> sums = new ArrayList<>();

  /** The sums in stored form; empty where there is none. */
  static Sums parse(byte @Nullable [] bytes) throws CorruptException {
    Sums read = new Sums();
    if (bytes != null) {
      SeriesTable.read(Envelope.inflate(bytes, MAGIC, VERSION, "table of sums"))
          .forEach((series, payload) -> read.sums.add(new Increment(series.key(), sum(payload))));
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
   * @param increments in order of their keys, each key once, as those of a batch are
   * @return how many of those there were
   */
  int add(List<Increment> increments) {
    int refused = 0;
    List<Increment> united = new ArrayList<>(Math.max(sums.size(), increments.size()));
    int next = 0;
    for (Increment increment : increments) {
      while (next < sums.size() && sums.get(next).key().compareTo(increment.key()) < 0) {
        united.add(sums.get(next++));
      }
      if (next == sums.size() || !sums.get(next).key().equals(increment.key())) {
        united.add(increment);
        continue;
      }
      Increment before = sums.get(next++);
      long after = before.by() + increment.by();
      if (((before.by() ^ after) & (increment.by() ^ after)) < 0) {
        refused++;
        united.add(before);
      } else {
        united.add(new Increment(increment.key(), after));
      }
    }
    united.addAll(sums.subList(next, sums.size()));
    sums = united;
    return refused;
  }

  Map<Key, Long> byKey() {
    Map<Key, Long> all = new HashMap<>(sums.size() * 2);
    sums.forEach(sum -> all.put(sum.key(), sum.by()));
    return all;
  }

  byte[] toBytes() {
    SeriesTable.Builder table = new SeriesTable.Builder();
    ByteWriter payload = new ByteWriter(16);
    sums.forEach(
        sum -> {
          payload.clear();
          payload.zigzag(sum.by());
          table.add(new Series(sum.key(), Kind.COUNTER), payload.array(), payload.length());
        });
    ByteWriter content = new ByteWriter(4096);
    table.write(content);
    return Envelope.deflate(content, MAGIC, VERSION);
  }
}
