package org.skymetrics.common.key;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keys by their shape: a key in which {@code *} stands for any characters, also for none, but never
 * for a separator; all else stands for itself. So all keys that match one pattern have the same
 * separators in the same order, and none of them is a parent of another: no point is in two of
 * them.
 *
 * <p>Immutable. There is no way to write a {@code *} that stands for itself alone; it matches
 * itself among others.
 */
public final class KeyPattern {
  private static final byte ANY = '*';

  private final byte[] utf8;
  private final List<Segment> segments;

  private KeyPattern(byte[] utf8) {
    this.utf8 = utf8;
    this.segments = List.copyOf(split(utf8));
  }

  /**
   * The pattern that {@code text} spells: it must be a key, with {@code *} as one of its letters.
   *
   * @throws IllegalArgumentException where it is not a key; the message says why
   */
  public static KeyPattern of(String text) {
    return new KeyPattern(Key.of(text).toBytes());
  }

  /** Whether this text can match anything but itself. */
  public static boolean isPattern(String text) {
    return text.indexOf(ANY) >= 0;
  }

  private static List<Segment> split(byte[] bytes) {
    List<Segment> segments = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || isSeparator(bytes[i])) {
        segments.add(new Segment(Arrays.copyOfRange(bytes, Math.max(0, start - 1), i), start > 0));
        start = i + 1;
      }
    }
    return segments;
  }

  private static boolean isSeparator(byte b) {
    return b == '|' || b == '>';
  }

  /** The segments, from the root on. */
  public List<Segment> segments() {
    return segments;
  }

  /** Whether this key has the shape. */
  public boolean matches(Key key) {
    int at = 0;
    for (Segment segment : segments) {
      int end = segment.endIn(key, at);
      if (end < 0 || !segment.matches(key, at, end)) {
        return false;
      }
      at = end;
    }
    return at == key.length();
  }

  /** The pattern as text. */
  @Override
  public String toString() {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** One segment of a pattern, with the separator before it, which a root has not. */
  public static final class Segment {
    private final byte[] bytes;
    private final boolean separated;
    private final int firstAny;

    private Segment(byte[] bytes, boolean separated) {
      this.bytes = bytes;
      this.separated = separated;
      int any = 0;
      while (any < bytes.length && bytes[any] != ANY) {
        any++;
      }
      this.firstAny = any;
    }

    /** Whether it matches nothing but itself. */
    public boolean isLiteral() {
      return firstAny == bytes.length;
    }

    /** The bytes with which all that matches it below {@code parent} begins, separator included. */
    public byte[] head(byte[] parent) {
      byte[] head = Arrays.copyOf(parent, parent.length + firstAny);
      System.arraycopy(bytes, 0, head, parent.length, firstAny);
      return head;
    }

    /** Whether the last segment of {@code key}, which begins at {@code from}, has the shape. */
    public boolean matchesTail(Key key, int from) {
      return matches(key, from, key.length());
    }

    /**
     * Where the segment of {@code key} that begins at {@code from} ends; -1 where there is none.
     */
    private int endIn(Key key, int from) {
      if (from >= key.length()) {
        return -1;
      }
      int end = from + (separated ? 1 : 0);
      while (end < key.length() && !isSeparator(key.byteAt(end))) {
        end++;
      }
      return end;
    }

    /**
     * The usual matching with one place to go back to: the last {@code *}, one byte further each
     * time. The work is the product of both lengths at most.
     */
    private boolean matches(Key key, int from, int to) {
      int p = 0;
      int k = from;
      int lastAny = -1;
      int resumeAt = 0;
      while (k < to) {
        if (p < bytes.length && bytes[p] == ANY) {
          lastAny = p++;
          resumeAt = k;
        } else if (p < bytes.length && bytes[p] == key.byteAt(k)) {
          p++;
          k++;
        } else if (lastAny >= 0) {
          p = lastAny + 1;
          k = ++resumeAt;
        } else {
          return false;
        }
      }
      while (p < bytes.length && bytes[p] == ANY) {
        p++;
      }
      return p == bytes.length;
    }
  }
}
