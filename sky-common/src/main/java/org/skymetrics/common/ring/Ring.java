package org.skymetrics.common.ring;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.key.Key;

/**
 * A consistent-hash ring (Karger et al. 1997): each member owns 256 points at the first 8 bytes of
 * the SHA-256 of {@code name#i}, and a key belongs to the member with the first point at or after
 * the key's hash, in unsigned order. A member more or less moves only its own share of the keys.
 * Immutable.
 */
public final class Ring {
  static final int POINTS_PER_MEMBER = 256;

  private static final Ring EMPTY = new Ring(List.of());

  private final List<Member> members;
  private final long version;

  /** Points in unsigned order, kept with the top bit flipped so that signed search finds them. */
  private final long[] points;

  private final int[] owners;

  private Ring(List<Member> sorted) {
    members = sorted;
    version = version(sorted);
    int n = sorted.size() * POINTS_PER_MEMBER;
    long[][] all = new long[n][];
    for (int m = 0; m < sorted.size(); m++) {
      for (int i = 0; i < POINTS_PER_MEMBER; i++) {
        String point = sorted.get(m).name() + '#' + i;
        all[m * POINTS_PER_MEMBER + i] =
            new long[] {flip(Key.sha256Head(point.getBytes(StandardCharsets.UTF_8))), m};
      }
    }
    // Two members at one point: the first in order of name, the same for everyone.
    Arrays.sort(all, Comparator.<long[]>comparingLong(p -> p[0]).thenComparingLong(p -> p[1]));
    points = new long[n];
    owners = new int[n];
    for (int i = 0; i < n; i++) {
      points[i] = all[i][0];
      owners[i] = (int) all[i][1];
    }
  }

  public static Ring empty() {
    return EMPTY;
  }

  /**
   * The ring of these members.
   *
   * @throws IllegalArgumentException where two have the same name
   */
  public static Ring of(Collection<Member> members) {
    List<Member> sorted = new ArrayList<>(members);
    sorted.sort(Comparator.comparing(Member::name));
    Set<String> names = new HashSet<>();
    for (Member member : sorted) {
      if (!names.add(member.name())) {
        throw new IllegalArgumentException("two ring members are named " + member.name());
      }
    }
    return new Ring(List.copyOf(sorted));
  }

  /** The members in order of name. */
  public List<Member> members() {
    return members;
  }

  public boolean isEmpty() {
    return members.isEmpty();
  }

  /** Equal versions mean equal rings. */
  public long version() {
    return version;
  }

  /** Who a key with this {@link Key#ringHash()} belongs to; null where the ring is empty. */
  public @Nullable Member owner(long ringHash) {
    int i = ownerIndex(ringHash);
    return i < 0 ? null : members.get(i);
  }

  /**
   * The index among {@link #members()} of the owner of a key with this hash; -1 where the ring is
   * empty.
   */
  public int ownerIndex(long ringHash) {
    return points.length == 0 ? -1 : owners[pointOf(ringHash)];
  }

  /**
   * The index of who comes next on the ring, from the owner on, among the members whose index is
   * eligible; -1 where none is. So of a member that is out, each other takes a share, and nothing
   * else moves.
   */
  public int ownerIndex(long ringHash, IntPredicate eligible) {
    int first = points.length == 0 ? 0 : pointOf(ringHash);
    for (int i = 0; i < points.length; i++) {
      int owner = owners[(first + i) % points.length];
      if (eligible.test(owner)) {
        return owner;
      }
    }
    return -1;
  }

  /**
   * Which part of all keys each member owns, by its index: numbers from 0 to 1 that sum up to 1.
   */
  public double[] shares() {
    double[] shares = new double[members.size()];
    for (int i = 0; i < points.length; i++) {
      // What lies between the point before and this one, over the end of the numbers too.
      long width = points[i] - points[i == 0 ? points.length - 1 : i - 1];
      shares[owners[i]] += Math.scalb((double) (width >>> 1), 1 - Long.SIZE);
    }
    return shares;
  }

  private int pointOf(long ringHash) {
    int i = Arrays.binarySearch(points, flip(ringHash));
    if (i < 0) {
      i = -i - 1;
      return i == points.length ? 0 : i;
    }
    while (i > 0 && points[i - 1] == points[i]) {
      i--;
    }
    return i;
  }

  private static long version(List<Member> sorted) {
    StringBuilder text = new StringBuilder();
    for (Member m : sorted) {
      text.append(m.name()).append('\0').append(m.host()).append('\0');
      text.append(m.udpPort()).append('\0').append(m.adminPort()).append('\n');
    }
    return Key.sha256Head(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static long flip(long v) {
    return v ^ Long.MIN_VALUE;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Ring ring && members.equals(ring.members);
  }

  @Override
  public int hashCode() {
    return members.hashCode();
  }

  @Override
  public String toString() {
    return "Ring" + members;
  }
}
