package org.skymetrics.ui.keys;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The best of what a search finds: by rank, then the shorter, then in order of key. A key that is
 * too long or ranks too low is put aside without a look at it, which for most keys is what costs.
 */
final class BestHits implements KeyText.Taker {
  private final int limit;

  /** The worst of the best on top, so that it is the one to go. */
  private final PriorityQueue<Hit> best = new PriorityQueue<>(Comparator.reverseOrder());

  private boolean truncated;

  BestHits(int limit) {
    this.limit = limit;
  }

  @Override
  public void take(Node node, int rank, int length) {
    Hit worst = best.size() < limit ? null : best.peek();
    boolean isBehind =
        worst != null && (rank > worst.rank || (rank == worst.rank && length > worst.length));
    if ((isBehind && truncated) || !node.isSeries()) {
      return;
    }
    Hit hit = new Hit(rank, length, node);
    truncated |= worst != null;
    if (worst != null && hit.compareTo(worst) >= 0) {
      return;
    }
    if (worst != null) {
      best.poll();
    }
    best.add(hit);
  }

  KeyPage page() {
    List<Hit> hits = new ArrayList<>(best);
    hits.sort(Comparator.naturalOrder());
    return new KeyPage(
        hits.stream().map(hit -> hit.node().entry(Long.MIN_VALUE)).toList(), truncated);
  }

  private record Hit(int rank, int length, Node node) implements Comparable<Hit> {
    @Override
    public int compareTo(Hit other) {
      if (rank != other.rank) {
        return Integer.compare(rank, other.rank);
      }
      int order = Integer.compare(length, other.length);
      return order != 0 ? order : node.key().compareTo(other.node.key());
    }
  }
}
