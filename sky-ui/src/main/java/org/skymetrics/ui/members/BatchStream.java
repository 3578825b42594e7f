package org.skymetrics.ui.members;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;

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

  /** The parts of a batch that came in several answers, each cut to other series, as one again. */
  static List<Batch> unite(Collection<Batch> parts) throws NonsenseException {
    Map<Named, List<Batch>> byName = new LinkedHashMap<>();
    for (Batch part : parts) {
      byName
          .computeIfAbsent(new Named(part.place(), part.name()), n -> new ArrayList<>(1))
          .add(part);
    }
    List<Batch> united = new ArrayList<>();
    for (List<Batch> ofOne : byName.values()) {
      united.add(ofOne.size() == 1 ? ofOne.get(0) : join(ofOne));
    }
    return united;
  }

  private static Batch join(List<Batch> parts) throws NonsenseException {
    TreeMap<Series, Cell> cells = new TreeMap<>();
    try {
      for (Batch part : parts) {
        part.forEach(cells::put);
      }
    } catch (CorruptException e) {
      throw new NonsenseException("it sent " + e.getMessage());
    }
    Batch first = parts.get(0);
    return Batch.of(first.name(), first.place(), first.periodMs(), cells);
  }

  private record Named(ShardPeriod place, BatchName name) {}
}
