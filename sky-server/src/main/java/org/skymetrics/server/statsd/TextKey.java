package org.skymetrics.server.statsd;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.key.Key;

/**
 * Builds the key of a line: the name, and its tags as one child segment, sorted and each once:
 * {@code name|env:prod,host:a}. So the name itself is the total over all tags, and the order in
 * which a client sends its tags does not matter. A flyweight over arrays of its own.
 */
final class TextKey {
  private static final int MAX_TAGS = 64;

  private final byte[] key = new byte[Key.MAX_BYTES];
  private int length;

  /**
   * The tags in the one form that both styles meet in; each {@link #starts} to {@link #ends}, kept
   * sorted.
   */
  private final byte[] text = new byte[2 * Key.MAX_BYTES];

  private int textLength;
  private final int[] starts = new int[MAX_TAGS];
  private final int[] ends = new int[MAX_TAGS];
  private int tags;

  byte[] bytes() {
    return key;
  }

  int length() {
    return length;
  }

  /**
   * Builds the key.
   *
   * @param nameTo end of the name; a Graphite name holds {@code ;tag=value} from its first
   *     semicolon
   * @param tagsFrom start of the DogStatsD tags, or -1
   * @return why there is none, or null
   */
  @Nullable Refusal build(byte[] line, int nameFrom, int nameTo, int tagsFrom, int tagsTo) {
    tags = 0;
    textLength = 0;
    int plainTo = indexOf(line, ';', nameFrom, nameTo);
    length = plainTo - nameFrom;
    if (Key.fault(line, nameFrom, length) != null) {
      return Refusal.BAD_NAME;
    }
    System.arraycopy(line, nameFrom, key, 0, length);
    boolean good =
        (plainTo == nameTo || addAll(line, plainTo + 1, nameTo, ';'))
            && (tagsFrom < 0 || addAll(line, tagsFrom, tagsTo, ','))
            && append();
    return good ? null : Refusal.BAD_TAG;
  }

  private boolean addAll(byte[] line, int from, int to, char separator) {
    int start = from;
    while (start < to) {
      int end = indexOf(line, separator, start, to);
      if (end > start && !add(line, start, end, separator == ';')) {
        return false;
      }
      start = end + 1;
    }
    return true;
  }

  private boolean add(byte[] line, int from, int to, boolean graphite) {
    int n = to - from;
    if (tags == MAX_TAGS || textLength + n > text.length) {
      return false;
    }
    int start = textLength;
    boolean assigns = graphite;
    for (int i = from; i < to; i++) {
      byte b = line[i];
      if (b == '=' && assigns) {
        b = ':';
        assigns = false;
      } else if (b == '>' || b == '|') {
        // A tag opens no segment of its own.
        b = '_';
      }
      text[textLength++] = b;
    }
    insert(start, textLength);
    return true;
  }

  private void insert(int start, int end) {
    int at = tags;
    while (at > 0) {
      int order = Arrays.compareUnsigned(text, starts[at - 1], ends[at - 1], text, start, end);
      if (order == 0) {
        return;
      }
      if (order < 0) {
        break;
      }
      at--;
    }
    System.arraycopy(starts, at, starts, at + 1, tags - at);
    System.arraycopy(ends, at, ends, at + 1, tags - at);
    starts[at] = start;
    ends[at] = end;
    tags++;
  }

  private boolean append() {
    for (int t = 0; t < tags; t++) {
      int n = ends[t] - starts[t];
      if (length + 1 + n > key.length) {
        return false;
      }
      key[length++] = (byte) (t == 0 ? '|' : ',');
      System.arraycopy(text, starts[t], key, length, n);
      length += n;
    }
    return true;
  }

  private static int indexOf(byte[] line, char c, int from, int to) {
    int i = from;
    while (i < to && line[i] != c) {
      i++;
    }
    return i;
  }
}
