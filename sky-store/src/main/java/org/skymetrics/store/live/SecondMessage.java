package org.skymetrics.store.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.live.Follower.Item;
import org.skymetrics.store.live.Follower.Second;
import org.skymetrics.store.live.Follower.Told;

/**
 * What a server tells a reader at once, as bytes.
 *
 * <p>Layout: u8 version 1; u64 from, u64 to; varint n and n times series, u64 second (known whole
 * from there); varint n and n times u64 second, series, varint length, cell in stored form.
 */
public final class SecondMessage {
  /** The longest there is, but for a second that is longer. */
  public static final int MAX_BYTES = 4 << 20;

  private static final int VERSION = 1;

  private SecondMessage() {}

  public static byte[] toBytes(Told told) {
    ByteWriter out = new ByteWriter(256);
    out.u8(VERSION).u64(told.from()).u64(told.to()).varint(told.kept().size());
    told.kept()
        .forEach(
            (series, from) -> {
              SeriesCodec.write(series, out);
              out.u64(from);
            });
    out.varint(told.seconds().stream().mapToLong(second -> second.items().size()).sum());
    for (Second second : told.seconds()) {
      for (Item item : second.items()) {
        out.u64(second.time());
        SeriesCodec.write(item.series(), out);
        out.varint(item.bytes().length).raw(item.bytes());
      }
    }
    return out.toBytes();
  }

  /**
   * Reads what {@link #toBytes} wrote; each item is a second of its own.
   *
   * @throws CorruptException where it is none, or a cell of it is none
   */
  public static Told parse(byte[] bytes) throws CorruptException {
    ByteReader in = new ByteReader(bytes);
    int version = in.u8();
    long from = in.u64();
    long to = in.u64();
    Map<Series, Long> kept = new HashMap<>();
    for (int n = in.length(in.remaining()); n > 0 && !in.failed(); n--) {
      Series series = SeriesCodec.read(in);
      long first = in.u64();
      if (series != null) {
        kept.put(series, first);
      }
    }
    List<Second> seconds = new ArrayList<>();
    for (int n = in.length(in.remaining()); n > 0 && !in.failed(); n--) {
      readItem(in, to, seconds);
    }
    if (version != VERSION || from > to || from < 0 || in.failed() || in.remaining() > 0) {
      throw new CorruptException("no message of live seconds");
    }
    return new Told(from, to, kept, seconds);
  }

  private static void readItem(ByteReader in, long to, List<Second> seconds) {
    long time = in.u64();
    Series series = SeriesCodec.read(in);
    byte[] cell = in.raw(in.length(in.remaining()));
    if (series == null
        || time < 0
        || time >= to
        || Cell.load(series.kind(), new ByteReader(cell)) == null) {
      in.fail();
      return;
    }
    seconds.add(new Second(time, List.of(new Item(series, cell))));
  }
}
