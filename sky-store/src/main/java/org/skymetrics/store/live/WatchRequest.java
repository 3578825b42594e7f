package org.skymetrics.store.live;

import java.util.ArrayList;
import java.util.List;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Series;

/**
 * What a reader asks of a server's stream of seconds.
 *
 * <p>Layout: u8 version 1, u64 since, varint n and n series to watch, varint n and n series to
 * watch no more.
 *
 * @param since epoch seconds: from where on the reader lacks what it watches anew
 */
public record WatchRequest(List<Series> watch, List<Series> unwatch, long since) {
  /** How many series may be in one. */
  public static final int MAX_SERIES = 500;

  /** The longest there is. */
  public static final int MAX_BYTES = 1 << 20;

  private static final int VERSION = 1;

  public WatchRequest {
    watch = List.copyOf(watch);
    unwatch = List.copyOf(unwatch);
  }

  public byte[] toBytes() {
    ByteWriter out = new ByteWriter(64);
    out.u8(VERSION).u64(since);
    write(watch, out);
    write(unwatch, out);
    return out.toBytes();
  }

  private static void write(List<Series> all, ByteWriter out) {
    out.varint(all.size());
    all.forEach(series -> SeriesCodec.write(series, out));
  }

  /**
   * Reads one.
   *
   * @throws CorruptException where it is none
   */
  public static WatchRequest parse(byte[] bytes) throws CorruptException {
    ByteReader in = new ByteReader(bytes);
    int version = in.u8();
    long since = in.u64();
    List<Series> watch = read(in);
    List<Series> unwatch = read(in);
    if (version != VERSION || since < 0 || in.failed() || in.remaining() > 0) {
      throw new CorruptException("no request to watch series, of at most " + MAX_SERIES);
    }
    return new WatchRequest(watch, unwatch, since);
  }

  private static List<Series> read(ByteReader in) {
    int n = in.length(MAX_SERIES);
    List<Series> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Series series = SeriesCodec.read(in);
      if (series == null) {
        return List.of();
      }
      all.add(series);
    }
    return all;
  }
}
