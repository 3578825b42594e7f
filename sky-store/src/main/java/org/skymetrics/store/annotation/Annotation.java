package org.skymetrics.store.annotation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.store.CorruptException;

/**
 * One annotation, in one version. Of two versions of the same id the greater one holds; so writing
 * one twice is the same as once, and in any order.
 *
 * @param version from 1, one more with each edit
 * @param timeMs its time or the start of its span, ms since 1970
 * @param endMs the end of its span, or its time where it has none
 * @param label what is shown beside the mark: not empty
 * @param type a word that decides its colour: {@code info}, {@code deploy}
 * @param text more, shown where it is asked for; may be empty, and have several lines
 * @param source who made it; may be empty
 * @param tags {@code key:value} or a word each
 * @param deleted whether this version ends it
 */
public record Annotation(
    AnnotationId id,
    long version,
    long timeMs,
    long endMs,
    String label,
    String type,
    String text,
    String source,
    List<String> tags,
    boolean deleted) {
  public static final int MAX_LABEL_BYTES = 500;
  public static final int MAX_TEXT_BYTES = 8192;
  public static final int MAX_TYPE_BYTES = 32;
  public static final int MAX_SOURCE_BYTES = 200;
  public static final int MAX_TAGS = 64;
  public static final int MAX_TAG_BYTES = 200;

  /** The longest span: it is on the shelf of each of its days. */
  public static final long MAX_SPAN_MS = 31 * AnnotationId.DAY_MS;

  /** The first time not taken: the year 10000. */
  public static final long MAX_TIME_MS = 253_402_300_800_000L;

  private static final int FLAG_DELETED = 1;
  private static final int FLAG_SPAN = 2;

  /**
   * An annotation.
   *
   * @throws IllegalArgumentException with a sentence, where it is longer than it may be, or its
   *     times make no sense
   */
  public Annotation {
    tags = List.copyOf(tags);
    require(version >= 1, "a version is 1 or more");
    require(timeMs >= 0 && timeMs < MAX_TIME_MS, "the time is from 1970 to 9999, in s since 1970");
    require(endMs >= timeMs, "the end is not before the time");
    require(endMs - timeMs <= MAX_SPAN_MS && endMs < MAX_TIME_MS, "a span is 31 days at most");
    require(!label.isBlank(), "the label is not empty");
    requireLength(label, MAX_LABEL_BYTES, "the label");
    requireLength(text, MAX_TEXT_BYTES, "the text");
    requireLength(source, MAX_SOURCE_BYTES, "the source");
    require(
        type.matches("[a-z0-9_-]{1," + MAX_TYPE_BYTES + "}"),
        "the type is a word of 1 to 32 of a-z, 0-9, - and _");
    require(tags.size() <= MAX_TAGS, "there are " + MAX_TAGS + " tags at most");
    for (String tag : tags) {
      require(!tag.isBlank(), "a tag is not empty");
      requireLength(tag, MAX_TAG_BYTES, "a tag");
    }
  }

  private static void require(boolean good, String rule) {
    if (!good) {
      throw new IllegalArgumentException(rule);
    }
  }

  private static void requireLength(String value, int most, String what) {
    require(
        value.getBytes(StandardCharsets.UTF_8).length <= most,
        what + " has at most " + most + " bytes");
  }

  /**
   * The first version of an annotation, whose id follows from its content: who says the same twice
   * makes one.
   */
  public static Annotation of(
      long timeMs,
      long endMs,
      String label,
      String type,
      String text,
      String source,
      List<String> tags) {
    AnnotationId unnamed = AnnotationId.of(timeMs, new byte[AnnotationId.HASH_BYTES]);
    Annotation content =
        new Annotation(unnamed, 1, timeMs, endMs, label, type, text, source, tags, false);
    ByteWriter out = new ByteWriter(256);
    content.write(out);
    return new Annotation(
        AnnotationId.of(timeMs, sha256(out.toBytes())),
        1,
        timeMs,
        endMs,
        label,
        type,
        text,
        source,
        tags,
        false);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The version that ends it. */
  public Annotation delete() {
    return new Annotation(id, version + 1, timeMs, endMs, label, type, text, source, tags, true);
  }

  /** The next version, of this content. */
  public Annotation edit(Annotation content) {
    return new Annotation(
        id,
        version + 1,
        content.timeMs,
        content.endMs,
        content.label,
        content.type,
        content.text,
        content.source,
        content.tags,
        false);
  }

  /** Whether its time or a part of its span lies in [fromMs, toMs). */
  public boolean isIn(long fromMs, long toMs) {
    return timeMs < toMs && endMs >= fromMs;
  }

  /** The days on whose shelves it is: that of its id, where it is found, and those it is on. */
  public SortedSet<Long> days() {
    TreeSet<Long> days = new TreeSet<>();
    days.add(id.day());
    for (long day = AnnotationId.dayOf(timeMs); day <= AnnotationId.dayOf(endMs); day++) {
      days.add(day);
    }
    return days;
  }

  /** Writes the stored form (docs/storage.md). */
  public void write(ByteWriter out) {
    id.write(out);
    out.varint(version);
    out.u8((deleted ? FLAG_DELETED : 0) | (endMs > timeMs ? FLAG_SPAN : 0));
    out.u64(timeMs);
    if (endMs > timeMs) {
      out.u64(endMs);
    }
    for (String string : List.of(label, type, text, source)) {
      write(string, out);
    }
    out.varint(tags.size());
    tags.forEach(tag -> write(tag, out));
  }

  private static void write(String string, ByteWriter out) {
    byte[] utf8 = string.getBytes(StandardCharsets.UTF_8);
    out.varint(utf8.length).raw(utf8);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws CorruptException where it is malformed
   */
  public static Annotation read(ByteReader in) throws CorruptException {
    AnnotationId id = AnnotationId.read(in);
    long version = in.varint();
    int flags = in.u8();
    long timeMs = in.u64();
    long endMs = (flags & FLAG_SPAN) != 0 ? in.u64() : timeMs;
    String label = string(in, MAX_LABEL_BYTES);
    String type = string(in, MAX_TYPE_BYTES);
    String text = string(in, MAX_TEXT_BYTES);
    String source = string(in, MAX_SOURCE_BYTES);
    String[] tags = new String[in.length(MAX_TAGS)];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = string(in, MAX_TAG_BYTES);
    }
    boolean deleted = (flags & FLAG_DELETED) != 0;
    try {
      if (!in.failed()) {
        return new Annotation(
            id, version, timeMs, endMs, label, type, text, source, List.of(tags), deleted);
      }
    } catch (IllegalArgumentException e) {
      throw new CorruptException("an annotation that can't be: " + e.getMessage());
    }
    throw new CorruptException("an annotation that is malformed");
  }

  private static String string(ByteReader in, int most) {
    return new String(in.raw(in.length(most)), StandardCharsets.UTF_8);
  }
}
