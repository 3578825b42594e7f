package org.skymetrics.server.lane;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.wire.Opened.Verdict;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;

/**
 * The lanes of one receiving thread, oldest heard first. There are never more than the limit: when
 * it is reached the one that was idle longest makes room, if it was idle for ten minutes; if not,
 * no lane is opened and the client asks again.
 *
 * <p>Closing a lane here forgets what was received on it, so a client that comes back with it is
 * told {@link Verdict#UNKNOWN}; only of lanes that never took data it is known, and remembered,
 * that they may be numbered anew. After a restart that is so of each lane that the journal does not
 * know, but for those up to the highest one that was forgotten.
 *
 * <p>A lane that was ended when the server stopped is known after a restart but does not go on: the
 * last word over it may still be on its way to the client, which then numbers anew what it does not
 * cover.
 */
public final class Lanes {
  private static final Duration MAY_MAKE_ROOM = Duration.ofMinutes(10);
  private static final int MAX_REMEMBERED = 10_000;

  private record Opening(long session, long nonce) {}

  /** A lane, and what became of the one that its client named. */
  public record Opened(Lane lane, Verdict verdict) {}

  private final LaneNumbers numbers;
  private final int limit;
  private final long idleNs;
  private final Counters counters;
  private final LinkedHashMap<Long, Lane> byNumber = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<Opening, Lane> byOpening = new HashMap<>();
  private final LinkedHashSet<Long> closedWithoutData = new LinkedHashSet<>();

  /** Lanes whose counter is not above this may have taken data and been closed since. */
  private long forgotten;

  public Lanes(LaneNumbers numbers, int limit, Duration idle, Counters counters) {
    this.numbers = numbers;
    this.limit = limit;
    this.idleNs = idle.toNanos();
    this.counters = counters;
  }

  /** Takes over what the journal knows, before anything else. */
  public void restore(Collection<StoredLane> stored, long forgottenBefore, long nowNs) {
    forgotten = Math.max(forgotten, forgottenBefore);
    for (StoredLane known : stored) {
      Lane lane = Lane.restored(known, nowNs);
      byNumber.put(lane.number(), lane);
      byOpening.put(new Opening(lane.session(), lane.nonce()), lane);
      counters.increment(ServerCounter.LANES_RESTORED);
    }
  }

  /** The highest counter of a lane that took data and was closed. */
  public long forgotten() {
    return forgotten;
  }

  /** The lane of this number, which is heard of now; null where there is none. */
  public @Nullable Lane find(long number, long nowNs) {
    Lane lane = byNumber.get(number);
    if (lane != null) {
      lane.heard(nowNs);
    }
    return lane;
  }

  /**
   * Opens a lane for a proved address, or goes on with the one that is named. The same session and
   * nonce get the same lane.
   *
   * @param named the lane that the client holds, 0 for none
   * @return null where there is no room
   */
  public @Nullable Opened open(
      long session, long nonce, long named, InetSocketAddress from, long nowNs) {
    Lane held = named == 0 ? null : find(named, nowNs);
    if (held != null && held.session() == session) {
      counters.increment(ServerCounter.LANES_RESUMED);
      return new Opened(moved(held, from), Verdict.GOES_ON);
    }
    Lane again = byOpening.get(new Opening(session, nonce));
    if (again != null) {
      find(again.number(), nowNs);
      return new Opened(moved(again, from), again.verdict());
    }
    Verdict verdict = verdict(named);
    Lane lane = add(session, nonce, verdict, from, nowNs);
    return lane == null ? null : new Opened(lane, verdict);
  }

  private Verdict verdict(long named) {
    if (named == 0) {
      return Verdict.GOES_ON;
    }
    boolean withoutData = closedWithoutData.contains(named) || neverTookData(named);
    counters.increment(
        withoutData ? ServerCounter.VERDICTS_RENUMBER : ServerCounter.VERDICTS_UNKNOWN);
    return withoutData ? Verdict.RENUMBER : Verdict.UNKNOWN;
  }

  /** Whether the number is one of before the restart under which nothing was journalled. */
  private boolean neverTookData(long named) {
    return numbers.mayBeOfBefore(named)
        && LaneNumbers.counterOf(named) > forgotten
        && !byNumber.containsKey(named);
  }

  private @Nullable Lane add(
      long session, long nonce, Verdict verdict, InetSocketAddress from, long nowNs) {
    long number = byNumber.size() < limit || makeRoom(nowNs) ? numbers.next() : 0;
    if (number == 0) {
      counters.increment(ServerCounter.LANES_REFUSED);
      return null;
    }
    Lane lane = new Lane(number, session, nonce, verdict, from, nowNs);
    byNumber.put(number, lane);
    byOpening.put(new Opening(session, nonce), lane);
    counters.increment(ServerCounter.LANES_OPENED);
    return lane;
  }

  private Lane moved(Lane lane, InetSocketAddress from) {
    if (!lane.isAt(from)) {
      lane.moveTo(from);
      counters.increment(ServerCounter.LANES_MOVED);
    }
    return lane;
  }

  private boolean makeRoom(long nowNs) {
    Iterator<Lane> oldest = byNumber.values().iterator();
    if (!oldest.hasNext()) {
      return false;
    }
    Lane lane = oldest.next();
    if (nowNs - lane.heardNs() < MAY_MAKE_ROOM.toNanos()) {
      return false;
    }
    oldest.remove();
    forget(lane);
    counters.increment(ServerCounter.LANES_EVICTED);
    return true;
  }

  /** Closes the lanes that were idle for too long. */
  public void expire(long nowNs) {
    Iterator<Lane> oldest = byNumber.values().iterator();
    while (oldest.hasNext()) {
      Lane lane = oldest.next();
      if (nowNs - lane.heardNs() < idleNs) {
        return;
      }
      oldest.remove();
      forget(lane);
      counters.increment(ServerCounter.LANES_EXPIRED);
    }
  }

  private void forget(Lane lane) {
    byOpening.remove(new Opening(lane.session(), lane.nonce()));
    if (lane.tookData()) {
      forgotten = Math.max(forgotten, LaneNumbers.counterOf(lane.number()));
    } else {
      closedWithoutData.add(lane.number());
      if (closedWithoutData.size() > MAX_REMEMBERED) {
        Iterator<Long> first = closedWithoutData.iterator();
        first.next();
        first.remove();
      }
    }
  }

  /** All lanes, oldest heard first. */
  public Collection<Lane> all() {
    return Collections.unmodifiableCollection(byNumber.values());
  }

  public int size() {
    return byNumber.size();
  }

  /** The sessions that have a lane here. */
  public List<Long> sessions() {
    Set<Long> sessions = new HashSet<>();
    byNumber.values().forEach(lane -> sessions.add(lane.session()));
    return new ArrayList<>(sessions);
  }
}
