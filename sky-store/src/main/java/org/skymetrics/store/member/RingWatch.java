package org.skymetrics.store.member;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.member.Standing.State;

/**
 * The ring as one reader of the leases makes it of what it reads, over and over. A state machine
 * without I/O or threads; not safe for more than one at a time.
 *
 * <p>A member is lost when its lease was seen unchanged for as long as a lease runs, by the
 * reader's own clock and over reads that came close to each other. So the store's clock may step,
 * and a store that was wiped, rolled back, failed over to an older replica or away for a while
 * takes no member out: after a gap in the reads each has a whole lease's time to be heard again.
 * For the same reason a reader knows no ring before it has read for so long. A ring is never
 * replaced by an empty one.
 */
public final class RingWatch {
  private final Clock clock;
  private final long lengthNs;
  private final Map<String, Watched> known = new TreeMap<>();
  private Ring ring = Ring.empty();
  private boolean hasRead;
  private long firstReadNs;
  private long lastReadNs;

  /** A member that did what its state says. */
  public record Change(Member member, State state) {}

  private static final class Watched {
    MemberLease lease;
    State state;
    long heardNs;

    Watched(MemberLease lease, State state, long heardNs) {
      this.lease = lease;
      this.state = state;
      this.heardNs = heardNs;
    }

    Member member() {
      return lease.member();
    }

    boolean isPresent() {
      return state == State.SERVING || state == State.LEAVING;
    }

    /** Whether it was announced since, as far as can be seen: or the store went back in time. */
    boolean isOther(MemberLease read) {
      return lease.beat() != read.beat()
          || lease.state() != read.state()
          || !lease.holder().equals(read.holder());
    }
  }

  /** A watch over leases of this length, that are read at least four times in it. */
  public RingWatch(Clock clock, Duration length) {
    this.clock = clock;
    this.lengthNs = length.toNanos();
  }

  /**
   * Takes what was read just now.
   *
   * @return who has come, is leaving, has left or was lost by it
   */
  public List<Change> read(List<MemberLease> leases) {
    long now = clock.monotonicNs();
    if (!hasRead) {
      hasRead = true;
      firstReadNs = now;
    } else if (now - lastReadNs > lengthNs / 2) {
      known.values().stream().filter(Watched::isPresent).forEach(w -> w.heardNs = now);
    }
    lastReadNs = now;
    List<Change> changes = new ArrayList<>();
    leases.forEach(lease -> look(lease, now, changes));
    loseTheSilent(now, changes);
    known.values().removeIf(w -> !w.isPresent() && now - w.heardNs > MemberLeases.KEPT.toNanos());
    makeRing(now);
    return changes;
  }

  private void look(MemberLease lease, long now, List<Change> changes) {
    Watched watched = known.get(lease.member().name());
    if (watched == null) {
      meet(lease, now, changes);
    } else if (watched.isOther(lease)) {
      State before = watched.state;
      renewed(watched, lease, now);
      if (watched.state != before) {
        changes.add(new Change(lease.member(), watched.state));
      }
    }
  }

  private void meet(MemberLease lease, long now, List<Change> changes) {
    long heardNs = now - lease.age().toNanos();
    if (lease.isRunning()) {
      known.put(lease.member().name(), new Watched(lease, present(lease), now));
      changes.add(new Change(lease.member(), present(lease)));
    } else {
      State gone = lease.state() == MemberLease.State.LEFT ? State.LEFT : State.LOST;
      known.put(lease.member().name(), new Watched(lease, gone, heardNs));
    }
  }

  private void renewed(Watched watched, MemberLease lease, long now) {
    watched.lease = lease;
    if (lease.state() == MemberLease.State.LEFT) {
      watched.state = State.LEFT;
      watched.heardNs = now - lease.age().toNanos();
    } else if (watched.isPresent()) {
      watched.state = present(lease);
      watched.heardNs = now - Math.min(lease.age().toNanos(), lengthNs / 4);
    } else if (lease.isRunning()) {
      watched.state = present(lease);
      watched.heardNs = now;
    }
  }

  private static State present(MemberLease lease) {
    return lease.state() == MemberLease.State.LEAVING ? State.LEAVING : State.SERVING;
  }

  private void loseTheSilent(long now, List<Change> changes) {
    for (Watched watched : known.values()) {
      if (watched.isPresent() && now - watched.heardNs >= lengthNs) {
        watched.state = State.LOST;
        changes.add(new Change(watched.member(), State.LOST));
      }
    }
  }

  private void makeRing(long now) {
    if (now - firstReadNs < lengthNs) {
      return;
    }
    List<Member> serving =
        known.values().stream()
            .filter(watched -> watched.state == State.SERVING)
            .map(Watched::member)
            .toList();
    if (!serving.isEmpty() && !serving.equals(ring.members())) {
      ring = Ring.of(serving);
    }
  }

  /** The ring: the last one, while nothing better is known; empty before the first. */
  public Ring ring() {
    return ring;
  }

  /** How each member stands that was heard of in the last {@link MemberLeases#KEPT}. */
  public List<Standing> standings() {
    long now = clock.monotonicNs();
    return known.values().stream()
        .map(
            watched ->
                new Standing(
                    watched.member(),
                    stateAt(watched, now),
                    Duration.ofNanos(Math.max(0, now - watched.heardNs))))
        .collect(Collectors.toUnmodifiableList());
  }

  private State stateAt(Watched watched, long now) {
    boolean late = watched.state == State.SERVING && now - watched.heardNs >= lengthNs / 2;
    return late ? State.LATE : watched.state;
  }
}
