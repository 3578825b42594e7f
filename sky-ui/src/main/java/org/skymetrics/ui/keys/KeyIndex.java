package org.skymetrics.ui.keys;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.key.KeyPattern;
import org.skymetrics.store.batch.Series;

/**
 * All keys that are known, as a tree of segments and in one order. It grows by union, and forgets
 * what was deleted for good; so it may be fed from several sources in any order and again. Safe
 * from any thread: fed under a lock, read without one.
 */
public final class KeyIndex {
  /** As many keys are looked at for one request, whatever it finds. */
  static final int MAX_LOOKED_AT = 1_000_000;

  /** As many keys are looked at in one walk. */
  static final int MAX_WALKED = 10_000;

  /**
   * So many keys may be new before the text that is searched is made anew, and so many times fewer
   * than it has.
   */
  private static final int MAX_FRESH = 1_000;

  private static final int FRESH_SHARE = 8;

  private final Object lock = new Object();

  /** What is searched; under the lock. A key that was deleted stays in it, and is passed over. */
  private KeyText searchable = KeyText.EMPTY;

  /** The keys that are not in it yet; under the lock. */
  private final List<Node> fresh = new ArrayList<>();

  /** The series that were deleted, each with the time from which it counts again. */
  private final Map<Series, Long> deletedUntilMs = new HashMap<>();

  private final ConcurrentSkipListMap<Key, Node> nodes = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<Key, Node> roots = new ConcurrentSkipListMap<>();

  /** Takes in series, each with the time it was last seen, ms. */
  public void add(Map<Series, Long> lastSeenMs) {
    SortedMap<Series, Long> inOrder =
        lastSeenMs instanceof SortedMap<Series, Long> sorted ? sorted : new TreeMap<>(lastSeenMs);
    synchronized (lock) {
      Node last = null;
      for (Map.Entry<Series, Long> entry : inOrder.entrySet()) {
        Series series = entry.getKey();
        long ms = entry.getValue();
        if (deletedUntilMs.isEmpty() || ms >= deletedUntilMs.getOrDefault(series, Long.MIN_VALUE)) {
          Node node = after(last, series.key());
          node.see(series.kind(), ms);
          last = node;
        }
      }
    }
  }

  /** The node of a key that comes after another: in the same list as before, where it can be. */
  private Node after(@Nullable Node last, Key key) {
    if (last == null) {
      return node(key);
    }
    if (last.key().equals(key)) {
      return last;
    }
    Node guess = last.follower();
    if (guess != null && guess.key().equals(key) && !guess.isVoid()) {
      return guess;
    }
    Node found = node(key);
    last.setFollower(found);
    return found;
  }

  /**
   * Forgets series that were seen before a time only, ms; they come back when they are added with
   * that time or a later one.
   */
  public void delete(Map<Series, Long> untilMs) {
    synchronized (lock) {
      // The longest first: a key is looked at after those below it.
      TreeSet<Node> changed =
          new TreeSet<>(
              Comparator.comparingInt((Node node) -> -node.key().length())
                  .thenComparing(Node::key));
      untilMs.forEach(
          (series, ms) -> {
            if (deletedUntilMs.merge(series, ms, Math::max).equals(ms)) {
              Node node = nodes.get(series.key());
              if (node != null && node.forget(series.kind(), ms)) {
                changed.add(node);
              }
            }
          });
      for (Node node = changed.pollFirst(); node != null; node = changed.pollFirst()) {
        node.settle();
        Node parent = node.parent();
        if (node.isVoid()) {
          nodes.remove(node.key());
          if (parent == null) {
            roots.remove(node.key());
          } else {
            parent.removeChild(node);
          }
        }
        if (parent != null) {
          changed.add(parent);
        }
      }
    }
  }

  private Node node(Key key) {
    Node present = nodes.get(key);
    if (present != null) {
      return present;
    }
    int end = parentEnd(key);
    byte[] bytes = key.toBytes();
    Node node;
    if (end == 0) {
      node = new Node(key, null, "", key.toString());
      roots.put(key, node);
    } else {
      Node parent = node(Key.ofChecked(bytes, 0, end));
      Key segment = Key.ofChecked(bytes, end + 1, bytes.length - end - 1);
      node = new Node(key, parent, String.valueOf((char) bytes[end]), segment.toString());
      parent.addChild(node);
    }
    nodes.put(key, node);
    fresh.add(node);
    return node;
  }

  /** Where the key above ends: at the last separator of either sort; 0 for a root. */
  private static int parentEnd(Key key) {
    for (int i = key.length() - 1; i > 0; i--) {
      if (key.byteAt(i) == '|' || key.byteAt(i) == '>') {
        return i;
      }
    }
    return 0;
  }

  /** The number of keys, those that only have children included. */
  public int size() {
    return nodes.size();
  }

  /**
   * The keys right below one, or the roots, in order.
   *
   * @param sinceMs without those that were last seen before this, ms
   */
  public KeyPage children(@Nullable Key of, long sinceMs, int limit) {
    ConcurrentSkipListMap<Key, Node> children = roots;
    if (of != null) {
      Node node = nodes.get(of);
      ConcurrentSkipListMap<Key, Node> found = node == null ? null : node.children();
      children = found == null ? new ConcurrentSkipListMap<>() : found;
    }
    List<KeyEntry> entries = new ArrayList<>();
    int lookedAt = 0;
    for (Node node : children.values()) {
      if (++lookedAt > MAX_LOOKED_AT) {
        return new KeyPage(entries, true);
      }
      if (node.isSeenSince(sinceMs)) {
        if (entries.size() == limit) {
          return new KeyPage(entries, true);
        }
        entries.add(node.entry(sinceMs));
      }
    }
    return new KeyPage(entries, false);
  }

  /**
   * The keys of series after one in the order of all keys. It ends before the series are more than
   * {@code limit}, or when it has looked at {@link #MAX_WALKED} keys.
   *
   * @param after null: from the first on
   * @param sinceMs without those that were last seen before this, ms
   * @param limit series at most, 1 or more; a first key with more kinds is taken all the same
   * @param wanted of which keys
   */
  public KeyWalk walk(@Nullable Key after, long sinceMs, int limit, Predicate<Key> wanted) {
    List<KeyEntry> entries = new ArrayList<>();
    int series = 0;
    int lookedAt = 0;
    Key last = after;
    for (Node node : (after == null ? nodes : nodes.tailMap(after, false)).values()) {
      if (node.isSeries() && node.isSeenSince(sinceMs) && wanted.test(node.key())) {
        KeyEntry entry = node.entry(sinceMs);
        series += entry.kinds().size();
        if (series > limit && !entries.isEmpty()) {
          return new KeyWalk(entries, last);
        }
        entries.add(entry);
      }
      last = node.key();
      if (++lookedAt == MAX_WALKED) {
        return new KeyWalk(entries, last);
      }
    }
    return new KeyWalk(entries, null);
  }

  /**
   * The keys of series that match a pattern, in order; only those of a kind, where one is given.
   *
   * @throws IllegalArgumentException where too many keys would have to be looked at
   */
  public KeyMatches match(KeyPattern pattern, @Nullable Kind kind, int limit) {
    PatternWalk walk = new PatternWalk(pattern, kind, limit);
    walk.below(null, roots, 0);
    return new KeyMatches(walk.entries, walk.matched);
  }

  /** Goes down the tree, a segment of the pattern at a time. */
  private static final class PatternWalk {
    private final KeyPattern pattern;
    private final @Nullable Kind kind;
    private final int limit;
    private final List<KeyEntry> entries = new ArrayList<>();
    private int matched;
    private int lookedAt;

    PatternWalk(KeyPattern pattern, @Nullable Kind kind, int limit) {
      this.pattern = pattern;
      this.kind = kind;
      this.limit = limit;
    }

    void below(@Nullable Key parent, ConcurrentSkipListMap<Key, Node> children, int depth) {
      KeyPattern.Segment segment = pattern.segments().get(depth);
      byte[] above = parent == null ? new byte[0] : parent.toBytes();
      byte[] head = segment.head(above);
      Key first = Key.ofChecked(head, 0, head.length);
      if (segment.isLiteral()) {
        Node node = children.get(first);
        if (node != null) {
          take(node, depth);
        }
        return;
      }
      for (Node node : children.tailMap(first).values()) {
        if (++lookedAt > MAX_LOOKED_AT) {
          throw new IllegalArgumentException(
              "to find all keys of "
                  + pattern
                  + " more than "
                  + MAX_LOOKED_AT
                  + " keys must be looked at; write more before its first *");
        }
        if (node.key().sharedPrefix(first) < first.length()) {
          return;
        }
        if (segment.matchesTail(node.key(), above.length)) {
          take(node, depth);
        }
      }
    }

    private void take(Node node, int depth) {
      if (depth + 1 < pattern.segments().size()) {
        ConcurrentSkipListMap<Key, Node> children = node.children();
        if (children != null) {
          below(node.key(), children, depth + 1);
        }
      } else if (kind == null ? node.isSeries() : node.is(kind)) {
        matched++;
        if (entries.size() < limit) {
          entries.add(node.entry(Long.MIN_VALUE));
        }
      }
    }
  }

  /**
   * The keys of series that hold the text anywhere, whatever the case of its letters. Best first:
   * the whole key, its beginning, the beginning of a segment, elsewhere; then the shorter, then in
   * order.
   */
  public KeyPage search(String text, int limit) {
    String words = text.toLowerCase(Locale.ROOT);
    KeyText most;
    KeyText others;
    synchronized (lock) {
      if (fresh.size() > MAX_FRESH + searchable.size() / FRESH_SHARE) {
        searchable = KeyText.of(nodes.values());
        fresh.clear();
      }
      most = searchable;
      others = KeyText.of(fresh);
    }
    BestHits best = new BestHits(limit);
    most.find(words, best);
    others.find(words, best);
    return best.page();
  }
}
