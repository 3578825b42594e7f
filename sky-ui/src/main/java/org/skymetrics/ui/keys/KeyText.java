package org.skymetrics.ui.keys;

import java.util.BitSet;
import java.util.Collection;
import java.util.Locale;

/**
 * The text of many keys, one after the other in lower case and a line each, so that one pass over
 * memory finds all that hold some words. Immutable.
 */
final class KeyText {
  static final KeyText EMPTY = new KeyText("", new Node[0], new int[] {0});

  /** Between keys, and in none of them. */
  private static final char END = '\n';

  private static final int WHOLE = 0;
  private static final int BEGINNING = 1;
  private static final int SEGMENT = 2;
  private static final int ELSEWHERE = 3;

  private final String text;
  private final Node[] nodes;

  /** Where each key begins, and behind the last where the next would. */
  private final int[] starts;

  private KeyText(String text, Node[] nodes, int[] starts) {
    this.text = text;
    this.nodes = nodes;
    this.starts = starts;
  }

  /** Takes what is found. */
  interface Taker {
    /**
     * A key that holds the words.
     *
     * @param rank 0 it is the words, 1 it begins with them, 2 a segment does, 3 they are elsewhere
     * @param length of its text
     */
    void take(Node node, int rank, int length);
  }

  static KeyText of(Collection<Node> nodes) {
    StringBuilder text = new StringBuilder(nodes.size() * 40);
    Node[] all = nodes.toArray(new Node[0]);
    int[] starts = new int[all.length + 1];
    for (int i = 0; i < all.length; i++) {
      text.append(all[i].key().toString().toLowerCase(Locale.ROOT)).append(END);
      starts[i + 1] = text.length();
    }
    return new KeyText(text.toString(), all, starts);
  }

  int size() {
    return nodes.length;
  }

  /**
   * Gives each key that holds the words, in the order in which they stand here.
   *
   * @param words in lower case
   */
  void find(String words, Taker taker) {
    // Three passes over memory cost less than a look at the separators of each key that is found.
    BitSet atSegments = new BitSet(nodes.length);
    each('|' + words, (i, at) -> atSegments.set(i));
    each('>' + words, (i, at) -> atSegments.set(i));
    each(
        words,
        (i, at) -> {
          int length = starts[i + 1] - 1 - starts[i];
          int rank = atSegments.get(i) ? SEGMENT : ELSEWHERE;
          if (at == starts[i]) {
            rank = length == words.length() ? WHOLE : BEGINNING;
          }
          taker.take(nodes[i], rank, length);
        });
  }

  /** A key by its number, and where the words are in the text first. */
  private interface Place {
    void at(int i, int at);
  }

  private void each(String words, Place place) {
    if (words.indexOf(END) >= 0) {
      return;
    }
    int i = 0;
    for (int at = text.indexOf(words); at >= 0; at = text.indexOf(words, starts[i])) {
      while (starts[i + 1] <= at) {
        i++;
      }
      place.at(i, at);
      if (++i == nodes.length) {
        return;
      }
    }
  }
}
