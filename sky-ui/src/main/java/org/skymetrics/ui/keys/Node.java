package org.skymetrics.ui.keys;

import java.util.EnumSet;
import java.util.Locale;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;

/**
 * A key in the tree. Written under the index's lock, read without: what changes is volatile or
 * concurrent, and a reader that sees one field new and another old sees a state just past.
 */
final class Node {
  private final Key key;
  private final @Nullable Node parent;
  private final String segment;
  private final String separator;
  private final String lowerCase;
  private volatile int kindBits;
  private volatile long lastSeenMs;
  private volatile @Nullable ConcurrentSkipListMap<Key, Node> children;

  /**
   * A key below {@code parent}, to which it is yet to be added.
   *
   * @param parent the key above, null for a root
   */
  Node(Key key, @Nullable Node parent, String separator, String segment) {
    this.key = key;
    this.parent = parent;
    this.separator = separator;
    this.segment = segment;
    this.lowerCase = key.toString().toLowerCase(Locale.ROOT);
  }

  Key key() {
    return key;
  }

  /** The key's text in lower case, for search. */
  String lowerCase() {
    return lowerCase;
  }

  /** Whether this is the key of a series, and not only the way to one. */
  boolean isSeries() {
    return kindBits != 0;
  }

  @Nullable ConcurrentSkipListMap<Key, Node> children() {
    return children;
  }

  /** Under the index's lock. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // One writer at a time: the index's lock.
  void see(Kind kind) {
    kindBits |= 1 << kind.id();
  }

  /** Under the index's lock. What is seen here is seen in all that is above. */
  void seeAt(long ms) {
    for (Node node = this; node != null && ms > node.lastSeenMs; node = node.parent) {
      node.lastSeenMs = ms;
    }
  }

  /** Under the index's lock. */
  void addChild(Node child) {
    ConcurrentSkipListMap<Key, Node> present = children;
    if (present == null) {
      present = new ConcurrentSkipListMap<>();
      children = present;
    }
    present.put(child.key, child);
  }

  KeyEntry entry() {
    EnumSet<Kind> kinds = EnumSet.noneOf(Kind.class);
    int bits = kindBits;
    for (Kind kind : Kind.values()) {
      if ((bits & 1 << kind.id()) != 0) {
        kinds.add(kind);
      }
    }
    return new KeyEntry(key, segment, separator, kinds, children != null, lastSeenMs);
  }
}
