package org.skymetrics.store.annotation;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.Envelope;

/**
 * The annotations on the shelf of one day, a set united by id: of two versions the greater, and of
 * two that say they are the same version the one whose bytes are greater. Immutable.
 */
final class AnnotationDay {
  private static final String MAGIC = "SkyA";
  private static final int VERSION = 1;
  private static final int MIN_BYTES = 30;

  private final SortedMap<AnnotationId, Annotation> byId;

  private AnnotationDay(SortedMap<AnnotationId, Annotation> byId) {
    this.byId = Collections.unmodifiableSortedMap(byId);
  }

  static AnnotationDay empty() {
    return new AnnotationDay(new TreeMap<>());
  }

  /** The key in history of the shelf of a day since 1970. */
  static String historyKey(long day) {
    return "annotations/" + LocalDate.ofEpochDay(day);
  }

  /** All, those that are deleted too. */
  SortedMap<AnnotationId, Annotation> byId() {
    return byId;
  }

  AnnotationDay with(Collection<Annotation> more) {
    TreeMap<AnnotationId, Annotation> all = new TreeMap<>(byId);
    more.forEach(annotation -> all.merge(annotation.id(), annotation, AnnotationDay::later));
    return new AnnotationDay(all);
  }

  static Annotation later(Annotation a, Annotation b) {
    if (a.version() != b.version()) {
      return a.version() > b.version() ? a : b;
    }
    return Arrays.compareUnsigned(bytes(a), bytes(b)) >= 0 ? a : b;
  }

  private static byte[] bytes(Annotation annotation) {
    ByteWriter out = new ByteWriter(256);
    annotation.write(out);
    return out.toBytes();
  }

  byte[] toBytes() {
    ByteWriter content = new ByteWriter(4096);
    content.varint(byId.size());
    byId.values().forEach(annotation -> annotation.write(content));
    return Envelope.deflate(content, MAGIC, VERSION);
  }

  /**
   * Reads a stored shelf.
   *
   * @throws CorruptException where it is not one
   */
  static AnnotationDay parse(byte[] bytes) throws CorruptException {
    ByteReader in = Envelope.inflate(bytes, MAGIC, VERSION, "day of annotations");
    TreeMap<AnnotationId, Annotation> all = new TreeMap<>();
    int n = in.length(in.remaining() / MIN_BYTES + 1);
    for (int i = 0; i < n; i++) {
      Annotation annotation = Annotation.read(in);
      if (!all.isEmpty() && all.lastKey().compareTo(annotation.id()) >= 0) {
        throw new CorruptException("a day of annotations that are not in order");
      }
      all.put(annotation.id(), annotation);
    }
    if (in.failed() || in.remaining() != 0) {
      throw new CorruptException("a day of annotations with bytes after its end");
    }
    return new AnnotationDay(all);
  }
}
