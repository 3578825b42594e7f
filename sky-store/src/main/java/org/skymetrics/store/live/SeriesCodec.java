package org.skymetrics.store.live;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.batch.Series;

/** Layout: u8 kind, varint length, key. */
final class SeriesCodec {
  private SeriesCodec() {}

  static void write(Series series, ByteWriter out) {
    byte[] key = series.key().toBytes();
    out.u8(series.kind().id()).varint(key.length).raw(key);
  }

  /** Null, and {@code in} failed, where there is none. */
  static @Nullable Series read(ByteReader in) {
    Kind kind = Kind.byId(in.u8());
    byte[] key = in.raw(in.length(Key.MAX_BYTES));
    if (in.failed() || kind == null || Key.fault(key, 0, key.length) != null) {
      in.fail();
      return null;
    }
    return new Series(Key.ofChecked(key, 0, key.length), kind);
  }
}
