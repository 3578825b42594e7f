package org.skymetrics.server.lane;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
 *
 * <p>Sessions are kept for a day after they were heard of last, the last ten thousand of those that
 * have no lane any more.
 */
public final class Lanes {
  private static final Duration MAY_MAKE_ROOM = Duration.ofMinutes(10);
  private static final Duration MAY_GIVE_WAY = Duration.ofMinutes(1);
  private static final Duration SESSIONS_KEPT = Duration.ofHours(24);
  private static final int MAX_REMEMBERED = 10_000;

  private record Opening(long session, long nonce) {}

  /** A lane, and what became of the one that its client named. */
  public record Opened(Lane lane, Verdict verdict) {}

  private final LaneNumbers numbers;
  private final int limit;
  private final long idleNs;
  private final Quotas quotas;
  private final Counters counters;
  private final LinkedHashMap<Long, Lane> byNumber = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<Opening, Lane> byOpening = new HashMap<>();
  private final LinkedHashSet<Long> closedWithoutData = new LinkedHashSet<>();
  private final Map<Long, Session> sessions = new HashMap<>();

  /** Sessions without a lane, in the order in which their last one was closed. */
  private final LinkedHashMap<Long, Session> departed = new LinkedHashMap<>();

  /** What was closed, until it is asked for. */
  private List<Lane> closed = new ArrayList<>();

  /** Lanes whose counter is not above this may have taken data and been closed since. */
  private long forgotten;

  public Lanes(LaneNumbers numbers, int limit, Duration idle, Quotas quotas, Counters counters) {
    this.numbers = numbers;
    this.limit = limit;
    this.idleNs = idle.toNanos();
    this.quotas = quotas;
    this.counters = counters;
  }

  /** Takes over what the journal knows, before anything else. */
  public void restore(Collection<StoredLane> stored, long forgottenBefore, long nowNs) {
    forgotten = Math.max(forgotten, forgottenBefore);
    for (StoredLane known : stored) {
      enter(Lane.restored(known, session(known.session(), nowNs), nowNs));
      counters.increment(ServerCounter.LANES_RESTORED);
    }
  }

  private void enter(Lane lane) {
    byNumber.put(lane.number(), lane);
    byOpening.put(new Opening(lane.session(), lane.nonce()), lane);
    lane.owner().add(lane);
  }

  private Session session(long id, long nowNs) {
    Session back = departed.remove(id);
    if (back != null) {
      sessions.put(id, back);
    }
    return sessions.computeIfAbsent(id, n -> new Session(n, quotas, nowNs));
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
    Session present = sessions.get(session);
    if (present != null && present.lanes() >= quotas.lanes() && !giveWay(present, nowNs)) {
      counters.increment(ServerCounter.LANES_OVER_QUOTA);
      return null;
    }
    long number = byNumber.size() < limit || makeRoom(nowNs) ? numbers.next() : 0;
    if (number == 0) {
      counters.increment(ServerCounter.LANES_REFUSED);
      return null;
    }
    Lane lane = new Lane(number, session(session, nowNs), nonce, verdict, from, nowNs);
    enter(lane);
    lane.heard(nowNs);
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

  /** Closes the oldest lane of a session that has as many as it may, where it is not in use. */
  private boolean giveWay(Session session, long nowNs) {
    Lane oldest = session.oldestLane();
    if (nowNs - oldest.heardNs() < MAY_GIVE_WAY.toNanos()) {
      return false;
    }
    byNumber.remove(oldest.number());
    forget(oldest);
    counters.increment(ServerCounter.LANES_EVICTED);
    return true;
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

  /** Closes the lanes that were idle for too long, and forgets sessions. */
  public void expire(long nowNs) {
    expireLanes(nowNs);
    Iterator<Session> oldest = departed.values().iterator();
    while (oldest.hasNext() && nowNs - oldest.next().heardNs() >= SESSIONS_KEPT.toNanos()) {
      oldest.remove();
    }
  }

  private void expireLanes(long nowNs) {
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
    lane.close();
    closed.add(lane);
    if (lane.owner().lanes() == 0) {
      depart(lane.owner());
    }
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

  private void depart(Session session) {
    sessions.remove(session.id());
    departed.put(session.id(), session);
    if (departed.size() > MAX_REMEMBERED) {
      Iterator<Session> first = departed.values().iterator();
      first.next();
      first.remove();
    }
  }

  /** The lanes that were closed since this was asked last. */
  public List<Lane> takeClosed() {
    if (closed.isEmpty()) {
      return List.of();
    }
    List<Lane> taken = closed;
    closed = new ArrayList<>();
    return taken;
  }

  /** Whether a lane's session may send another packet now; if not, it is asked for patience. */
  public boolean takesPacket(Lane lane, long nowNs) {
    return lane.owner().takesPacket(quotas, nowNs);
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
    return new ArrayList<>(sessions.keySet());
  }

  /** All sessions that are remembered. */
  public List<SessionView> views(long wallMs, long nowNs) {
    List<SessionView> views = new ArrayList<>(sessions.size() + departed.size());
    sessions.values().forEach(session -> views.add(session.view(wallMs, nowNs)));
    departed.values().forEach(session -> views.add(session.view(wallMs, nowNs)));
    return views;
  }
}
