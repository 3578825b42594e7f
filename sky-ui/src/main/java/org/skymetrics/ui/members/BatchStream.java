package org.skymetrics.ui.members;

import java.util.ArrayList;
import java.util.List;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;

/** Batches one after the other, each behind its length: u32 length, batch. */
final class BatchStream {
  private BatchStream() {}

  static List<Batch> parse(byte[] bytes) throws NonsenseException {
    ByteReader in = new ByteReader(bytes);
    List<Batch> batches = new ArrayList<>();
    while (in.remaining() > 0) {
      byte[] batch = in.raw(in.u32());
      if (in.failed()) {
        throw new NonsenseException("its batches end early");
      }
      try {
        batches.add(Batch.parse(batch));
      } catch (CorruptException e) {
        throw new NonsenseException("it sent " + e.getMessage());
      }
    }
    if (in.failed()) {
      throw new NonsenseException("its batches end early");
    }
    return batches;
  }
}
