package org.skymetrics.ui.keys;

import java.util.EnumSet;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;

/**
 * A key in the tree. Written under the index's lock, read without: what changes is volatile or
 * concurrent, and a reader that sees one field new and another old sees a state just past.
 */
final class Node {
  private static final Kind[] KINDS = Kind.values();

  private final Key key;
  private final @Nullable Node parent;
  private final String segment;
  private final String separator;

  /** When each kind was last seen, by its id; touched under the index's lock only. */
  private final long[] seenMs = new long[KINDS.length + 1];

  /**
   * What followed this one in the list that it was read from last: lists are read again and again,
   * and to find a key among a million takes the longer part of it. A guess, for it may be gone.
   * Touched under the index's lock only.
   */
  private @Nullable Node follower;

  private volatile int kindBits;
  private volatile long lastSeenMs;
  private volatile long lastSeenBelowMs;
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
  }

  Key key() {
    return key;
  }

  /** Whether this is the key of a series, and not only the way to one. */
  boolean isSeries() {
    return kindBits != 0;
  }

  @Nullable ConcurrentSkipListMap<Key, Node> children() {
    return children;
  }

  /** Whether it has a series of this kind. */
  boolean is(Kind kind) {
    return (kindBits & bit(kind)) != 0;
  }

  /** Whether it or a key below it was seen since. */
  boolean isSeenSince(long ms) {
    return lastSeenMs >= ms;
  }

  private static int bit(Kind kind) {
    return 1 << kind.id();
  }

  /** Under the index's lock. What is seen here is seen in all that is above. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // One writer at a time: the index's lock.
  void see(Kind kind, long ms) {
    kindBits |= bit(kind);
    seenMs[kind.id()] = Math.max(seenMs[kind.id()], ms);
    for (Node node = this; node != null && ms > node.lastSeenMs; node = node.parent) {
      node.lastSeenMs = ms;
      if (node.parent != null) {
        node.parent.lastSeenBelowMs = Math.max(node.parent.lastSeenBelowMs, ms);
      }
    }
  }

  /**
   * Under the index's lock. Forgets a series, unless it was seen at {@code untilMs} or later; then
   * {@link #settle} is to be called.
   *
   * @return whether it was forgotten
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // One writer at a time: the index's lock.
  boolean forget(Kind kind, long untilMs) {
    if (!is(kind) || seenMs[kind.id()] >= untilMs) {
      return false;
    }
    kindBits &= ~bit(kind);
    seenMs[kind.id()] = 0;
    return true;
  }

  /** Under the index's lock. Finds anew when it and what is below was last seen. */
  void settle() {
    long below = 0;
    ConcurrentSkipListMap<Key, Node> present = children;
    if (present != null) {
      for (Node child : present.values()) {
        below = Math.max(below, child.lastSeenMs);
      }
    }
    long own = 0;
    for (long ms : seenMs) {
      own = Math.max(own, ms);
    }
    lastSeenBelowMs = below;
    lastSeenMs = Math.max(own, below);
  }

  /** Whether it is neither a series nor the way to one. */
  boolean isVoid() {
    return kindBits == 0 && children == null;
  }

  @Nullable Node parent() {
    return parent;
  }

  @Nullable Node follower() {
    return follower;
  }

  void setFollower(Node node) {
    follower = node;
  }

  /** Under the index's lock. */
  void removeChild(Node child) {
    ConcurrentSkipListMap<Key, Node> present = children;
    if (present != null) {
      present.remove(child.key);
      if (present.isEmpty()) {
        children = null;
      }
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

  /**
   * As it is listed.
   *
   * @param sinceMs keys below it that were not seen since do not make it one with children
   */
  KeyEntry entry(long sinceMs) {
    EnumSet<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (Kind kind : KINDS) {
      if (is(kind)) {
        kinds.add(kind);
      }
    }
    boolean hasChildren = children != null && lastSeenBelowMs >= sinceMs;
    return new KeyEntry(key, segment, separator, kinds, hasChildren, lastSeenMs);
  }
}
