package org.skymetrics.ui.keys;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.batch.Series;

/**
 * All keys that are known, as a tree of segments and in one order. It only grows, by union; so it
 * may be fed from several sources in any order and again. Safe from any thread: fed under a lock,
 * read without one.
 */
public final class KeyIndex {
  private final Object lock = new Object();
  private final ConcurrentSkipListMap<Key, Node> nodes = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<Key, Node> roots = new ConcurrentSkipListMap<>();

  /** Takes in series, each with the time it was last seen, ms. */
  public void add(Map<Series, Long> lastSeenMs) {
    synchronized (lock) {
      lastSeenMs.forEach(
          (series, ms) -> {
            Node node = node(series.key());
            node.see(series.kind());
            node.seeAt(ms);
          });
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

  /** The keys right below one, or the roots, in order. */
  public KeyPage children(@Nullable Key of, int limit) {
    ConcurrentSkipListMap<Key, Node> children = roots;
    if (of != null) {
      Node node = nodes.get(of);
      ConcurrentSkipListMap<Key, Node> found = node == null ? null : node.children();
      children = found == null ? new ConcurrentSkipListMap<>() : found;
    }
    List<KeyEntry> entries = new ArrayList<>();
    for (Node node : children.values()) {
      if (entries.size() == limit) {
        return new KeyPage(entries, true);
      }
      entries.add(node.entry());
    }
    return new KeyPage(entries, false);
  }

  /**
   * The keys of series that hold the text anywhere, whatever the case of its letters. Best first:
   * the whole key, its beginning, the beginning of a segment, elsewhere; then the shorter, then in
   * order.
   */
  public KeyPage search(String text, int limit) {
    String wanted = text.toLowerCase(Locale.ROOT);
    // The worst of the best on top, so that it is the one to go.
    PriorityQueue<Hit> best = new PriorityQueue<>(Comparator.reverseOrder());
    boolean truncated = false;
    for (Node node : nodes.values()) {
      int at = node.isSeries() ? node.lowerCase().indexOf(wanted) : -1;
      if (at >= 0) {
        Hit hit = new Hit(rank(node.lowerCase(), wanted, at), node);
        if (best.size() < limit) {
          best.add(hit);
        } else {
          truncated = true;
          Hit worst = best.peek();
          if (worst != null && hit.compareTo(worst) < 0) {
            best.poll();
            best.add(hit);
          }
        }
      }
    }
    List<Hit> hits = new ArrayList<>(best);
    hits.sort(Comparator.naturalOrder());
    return new KeyPage(hits.stream().map(hit -> hit.node().entry()).toList(), truncated);
  }

  private static int rank(String text, String wanted, int first) {
    if (first == 0) {
      return text.length() == wanted.length() ? 0 : 1;
    }
    for (int at = first; at >= 0; at = text.indexOf(wanted, at + 1)) {
      char before = text.charAt(at - 1);
      if (before == '|' || before == '>') {
        return 2;
      }
    }
    return 3;
  }

  private record Hit(int rank, Node node) implements Comparable<Hit> {
    @Override
    public int compareTo(Hit other) {
      if (rank != other.rank) {
        return Integer.compare(rank, other.rank);
      }
      int order = Integer.compare(node.key().length(), other.node.key().length());
      return order != 0 ? order : node.key().compareTo(other.node.key());
    }
  }
}
