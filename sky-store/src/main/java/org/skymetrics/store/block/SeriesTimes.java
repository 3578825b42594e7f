package org.skymetrics.store.block;

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
 * The stored form of a list of series, each with a time: {@code magic}, version, and deflated a
 * series table whose payload is the varint of the time in seconds since 1970.
 */
final class SeriesTimes {
  private static final int VERSION = 1;
  private static final long MAX_SECONDS = Long.MAX_VALUE / 1000;

  private SeriesTimes() {}

  /** The later of the times that two lists say for each series. */
  static SortedMap<Series, Long> latest(Map<Series, Long> some, Map<Series, Long> more) {
    TreeMap<Series, Long> all = new TreeMap<>(some);
    more.forEach((series, ms) -> all.merge(series, ms, Math::max));
    return all;
  }

  static byte[] toBytes(SortedMap<Series, Long> timesMs, String magic) {
    SeriesTable.Builder table = new SeriesTable.Builder();
    ByteWriter payload = new ByteWriter(16);
    timesMs.forEach(
        (series, ms) -> {
          payload.clear();
          payload.varint(ms / 1000);
          table.add(series, payload.array(), payload.length());
        });
    return toBytes(table, magic);
  }

  private static byte[] toBytes(SeriesTable.Builder table, String magic) {
    ByteWriter content = new ByteWriter(4096);
    table.write(content);
    return Envelope.deflate(content, magic, VERSION);
  }

  /** A stored list with the series of another table, too, which were seen at some time. */
  static byte[] with(byte[] bytes, SeriesTable.Walk more, long ms, String magic, String what)
      throws CorruptException {
    SeriesTable.Builder all = new SeriesTable.Builder();
    ByteWriter payload = new ByteWriter(16);
    SeriesTable.Walk list = table(bytes, magic, what).walk();
    boolean inList = list.next();
    boolean inMore = more.next();
    while (inList || inMore) {
      int order = !inList ? 1 : !inMore ? -1 : list.compareSeries(more);
      long listed = order > 0 ? Long.MIN_VALUE : timeMs(list.payload(), what);
      payload.clear();
      payload.varint((order < 0 ? listed : Math.max(listed, ms)) / 1000);
      all.add((order > 0 ? more : list).series(), payload.array(), payload.length());
      inList = order <= 0 ? list.next() : inList;
      inMore = order >= 0 ? more.next() : inMore;
    }
    return toBytes(all, magic);
  }

  /**
   * Reads a stored list.
   *
   * @param what it is, for the message
   * @throws CorruptException where it is not one
   */
  static SortedMap<Series, Long> parse(byte[] bytes, String magic, String what)
      throws CorruptException {
    TreeMap<Series, Long> all = new TreeMap<>();
    read(bytes, magic, what, all::put);
    return all;
  }

  /**
   * Visits the series of a stored list, in order.
   *
   * @throws CorruptException where it is not one, perhaps after some visits
   */
  static void read(byte[] bytes, String magic, String what, KeyList.Visitor visitor)
      throws CorruptException {
    table(bytes, magic, what)
        .forEach((series, payload) -> visitor.seen(series, timeMs(payload, what)));
  }

  /** The table in a stored list. */
  static SeriesTable table(byte[] bytes, String magic, String what) throws CorruptException {
    ByteReader in = Envelope.inflate(bytes, magic, VERSION, what);
    SeriesTable table = SeriesTable.read(in);
    if (in.remaining() != 0) {
      throw new CorruptException("a " + what + " has bytes after its series table");
    }
    return table;
  }

  /** The time in an entry of a list, ms. */
  static long timeMs(ByteReader payload, String what) throws CorruptException {
    long seconds = payload.varint();
    if (payload.failed() || seconds < -MAX_SECONDS || seconds > MAX_SECONDS) {
      throw new CorruptException("a " + what + " has a time that makes no sense");
    }
    return seconds * 1000;
  }
}
