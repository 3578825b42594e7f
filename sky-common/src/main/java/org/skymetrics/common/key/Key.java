package org.skymetrics.common.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The name of a series: 1 to 500 bytes of UTF-8 without control characters, in segments parted by
 * {@code |} and {@code >}, none of them empty. {@code |} aggregates: what counts in {@code a|b}
 * counts in {@code a} too. {@code >} only scopes.
 *
 * <p>Immutable; ordered by its bytes, unsigned, which is also the order of its code points.
 */
public final class Key implements Comparable<Key> {
  public static final int MAX_BYTES = 500;

  private static final int SHARD_BITS = 15;
  private static final int MAX_KEPT_SHARDS = (1 << SHARD_BITS) - 1;

  private final byte[] utf8;
  private final int hashCode;

  /**
   * The shard that was asked for last, and below how many, in one int: so it matters little who
   * writes it. 0 where none was. A key that stays is asked again for each segment.
   */
  private int lastShard;

  private Key(byte[] utf8) {
    this.utf8 = utf8;
    this.hashCode = Arrays.hashCode(utf8);
  }

  /**
   * The key that {@code text} spells.
   *
   * @throws IllegalArgumentException where it is not a key; the message says why
   */
  public static Key of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    KeyFault fault = hasLoneSurrogate(text) ? KeyFault.NOT_UTF8 : fault(bytes, 0, bytes.length);
    if (fault != null) {
      throw new IllegalArgumentException(
          "\"" + abbreviate(text) + "\" is not a key: " + fault.description());
    }
    return new Key(bytes);
  }

  /** The key in bytes that {@link #fault(byte[], int, int)} has found good; they are copied. */
  public static Key ofChecked(byte[] bytes, int offset, int length) {
    return new Key(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  /** Why {@code text} is not a key, or null where it is one. */
  public static @Nullable KeyFault fault(String text) {
    if (text.length() > MAX_BYTES) {
      return KeyFault.TOO_LONG;
    }
    if (hasLoneSurrogate(text)) {
      return KeyFault.NOT_UTF8;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return fault(bytes, 0, bytes.length);
  }

  /** Why these bytes are not a key, or null where they are one. Looks at each byte once at most. */
  public static @Nullable KeyFault fault(byte[] bytes, int offset, int length) {
    if (length == 0) {
      return KeyFault.EMPTY;
    }
    if (length > MAX_BYTES) {
      return KeyFault.TOO_LONG;
    }
    int end = offset + length;
    boolean segmentEmpty = true;
    int i = offset;
    while (i < end) {
      byte b = bytes[i];
      if (b == '|' || b == '>') {
        if (segmentEmpty) {
          return KeyFault.EMPTY_SEGMENT;
        }
        segmentEmpty = true;
        i++;
      } else if (b >= 0x20 && b != 0x7f) {
        segmentEmpty = false;
        i++;
      } else if (b >= 0 || b == 0x7f) {
        return KeyFault.CONTROL_CHARACTER;
      } else {
        int n = sequenceLength(bytes, i, end);
        if (n == 0) {
          return KeyFault.NOT_UTF8;
        }
        if (n == 2 && b == (byte) 0xc2 && (bytes[i + 1] & 0xff) < 0xa0) {
          return KeyFault.CONTROL_CHARACTER;
        }
        segmentEmpty = false;
        i += n;
      }
    }
    return segmentEmpty ? KeyFault.EMPTY_SEGMENT : null;
  }

  /**
   * Length of the well-formed multi-byte sequence at {@code i} (RFC 3629, table 3-7 of Unicode), or
   * 0.
   */
  private static int sequenceLength(byte[] bytes, int i, int end) {
    int lead = bytes[i] & 0xff;
    int n =
        lead >= 0xc2 && lead <= 0xdf
            ? 2
            : lead >> 4 == 0xe ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
    if (n == 0 || end - i < n) {
      return 0;
    }
    int second = bytes[i + 1] & 0xff;
    int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) {
      return 0;
    }
    for (int k = 2; k < n; k++) {
      if ((bytes[i + k] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return n;
  }

  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  /**
   * The keys that a point of this key also counts in, longest first: its prefixes that end before a
   * {@code |}.
   */
  public List<Key> parents() {
    List<Key> parents = new ArrayList<>(4);
    for (int i = utf8.length - 1; i > 0; i--) {
      if (utf8[i] == '|') {
        parents.add(new Key(Arrays.copyOf(utf8, i)));
      }
    }
    return parents;
  }

  /** The next longer of {@link #parents()}, or null where there is none. */
  public @Nullable Key parent() {
    int length = parentLength(utf8, 0, utf8.length);
    return length == 0 ? null : new Key(Arrays.copyOf(utf8, length));
  }

  /** The length of the longest parent of the key in these bytes, 0 where it has none. */
  public static int parentLength(byte[] bytes, int offset, int length) {
    for (int i = length - 1; i > 0; i--) {
      if (bytes[offset + i] == '|') {
        return i;
      }
    }
    return 0;
  }

  /**
   * The place of this key on the ring and among shards: the first 8 bytes of its SHA-256, unsigned.
   */
  public long ringHash() {
    return sha256Head(utf8);
  }

  /** Which of {@code shards} shards this key belongs to, from 0. */
  public int shard(int shards) {
    int last = lastShard;
    if (last >>> SHARD_BITS == shards) {
      return last & MAX_KEPT_SHARDS;
    }
    int shard = (int) Long.remainderUnsigned(ringHash(), shards);
    if (shards <= MAX_KEPT_SHARDS) {
      lastShard = shards << SHARD_BITS | shard;
    }
    return shard;
  }

  /** The first 8 bytes of the SHA-256 of {@code bytes}, big-endian. */
  public static long sha256Head(byte[] bytes) {
    byte[] digest = sha256().digest(bytes);
    long head = 0;
    for (int i = 0; i < 8; i++) {
      head = (head << 8) | (digest[i] & 0xff);
    }
    return head;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public int length() {
    return utf8.length;
  }

  public byte byteAt(int index) {
    return utf8[index];
  }

  /** A copy of the key's UTF-8. */
  public byte[] toBytes() {
    return utf8.clone();
  }

  /** Copies the bytes from {@code from} on to {@code target}. */
  public void copyTo(int from, byte[] target, int offset, int count) {
    System.arraycopy(utf8, from, target, offset, count);
  }

  /**
   * The eight bytes from {@code from} on, the first the highest, and zeros after the key's end: of
   * two keys that are the same up to there, the one with the lower head, unsigned, comes first.
   */
  public long head(int from) {
    long head = 0;
    for (int i = from; i < from + 8; i++) {
      head = (head << 8) | (i < utf8.length ? utf8[i] & 0xff : 0);
    }
    return head;
  }

  /** How many leading bytes this key shares with {@code other}. */
  public int sharedPrefix(Key other) {
    int i = Arrays.mismatch(utf8, other.utf8);
    return i < 0 ? utf8.length : i;
  }

  /** Whether these bytes spell this key. */
  public boolean sameBytes(byte[] bytes, int offset, int length) {
    return Arrays.equals(utf8, 0, utf8.length, bytes, offset, offset + length);
  }

  @Override
  public int compareTo(Key other) {
    return Arrays.compareUnsigned(utf8, other.utf8);
  }

  /** {@link #compareTo(Key)} with the key that the first of these bytes spell. */
  public int compareTo(byte[] bytes, int length) {
    return Arrays.compareUnsigned(utf8, 0, utf8.length, bytes, 0, length);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Key key && hashCode == key.hashCode && Arrays.equals(utf8, key.utf8);
  }

  @Override
  public int hashCode() {
    return hashCode;
  }

  /** The key as text. */
  @Override
  public String toString() {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static String abbreviate(String text) {
    String shown = text.length() <= 60 ? text : text.substring(0, 57) + "...";
    return shown
        .codePoints()
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
