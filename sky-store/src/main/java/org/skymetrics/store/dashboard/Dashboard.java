package org.skymetrics.store.dashboard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.shelf.Shelved;

/**
 * One dashboard, in one version.
 *
 * @param id 16 hex digits, which stay when it is renamed
 * @param version from 1, one more with each edit
 * @param editedMs when this version was made, ms since 1970
 * @param title what people call it: not empty, unless it is deleted
 * @param content what it shows, a JSON object that only pages read; empty where it is deleted
 * @param deleted whether this version ends it
 */
public record Dashboard(
    String id, long version, long editedMs, String title, String content, boolean deleted)
    implements Shelved {
  public static final int MAX_TITLE_BYTES = 200;
  public static final int MAX_CONTENT_BYTES = 48 << 10;

  private static final String ID = "[0-9a-f]{16}";
  private static final int ID_BYTES = 8;
  private static final int FLAG_DELETED = 1;

  /**
   * A dashboard.
   *
   * @throws IllegalArgumentException with a sentence, where it is longer than it may be
   */
  public Dashboard {
    require(isId(id), "an id is 16 hex digits");
    require(version >= 1, "a version is 1 or more");
    require(deleted || !title.isBlank(), "the name is not empty");
    require(utf8(title).length <= MAX_TITLE_BYTES, "the name has at most 200 bytes");
    require(
        utf8(content).length <= MAX_CONTENT_BYTES,
        "the content has at most " + MAX_CONTENT_BYTES + " bytes of JSON");
  }

  private static void require(boolean good, String rule) {
    if (!good) {
      throw new IllegalArgumentException(rule);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static boolean isId(String text) {
    return text.matches(ID);
  }

  /**
   * The first version of a dashboard, whose id follows from its content and the time: a request
   * that is repeated at once makes one.
   */
  public static Dashboard of(long nowMs, String title, String content) {
    ByteWriter out = new ByteWriter(256);
    new Dashboard("0".repeat(2 * ID_BYTES), 1, nowMs, title, content, false).write(out);
    return new Dashboard(
        HexFormat.of().formatHex(sha256(out.toBytes()), 0, ID_BYTES),
        1,
        nowMs,
        title,
        content,
        false);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The next version, of this content. */
  public Dashboard edit(long nowMs, String nextTitle, String nextContent) {
    return new Dashboard(id, version + 1, nowMs, nextTitle, nextContent, false);
  }

  /** The version that ends it. */
  public Dashboard delete(long nowMs) {
    return new Dashboard(id, version + 1, nowMs, "", "", true);
  }

  /** The same, said once more. */
  Dashboard again() {
    return new Dashboard(id, version + 1, editedMs, title, content, deleted);
  }

  @Override
  public String name() {
    return id;
  }

  @Override
  public void write(ByteWriter out) {
    out.raw(HexFormat.of().parseHex(id)).varint(version).u8(deleted ? FLAG_DELETED : 0);
    out.u64(editedMs);
    out.varint(utf8(title).length).raw(utf8(title));
    out.varint(utf8(content).length).raw(utf8(content));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws CorruptException where it is malformed
   */
  static Dashboard read(ByteReader in) throws CorruptException {
    String id = HexFormat.of().formatHex(in.raw(ID_BYTES));
    long version = in.varint();
    int flags = in.u8();
    long editedMs = in.u64();
    String title = string(in, MAX_TITLE_BYTES);
    String content = string(in, MAX_CONTENT_BYTES);
    try {
      if (!in.failed()) {
        return new Dashboard(id, version, editedMs, title, content, (flags & FLAG_DELETED) != 0);
      }
    } catch (IllegalArgumentException e) {
      throw new CorruptException("a dashboard that can't be: " + e.getMessage());
    }
    throw new CorruptException("a dashboard that is malformed");
  }

  private static String string(ByteReader in, int most) {
    return new String(in.raw(in.length(most)), StandardCharsets.UTF_8);
  }
}
