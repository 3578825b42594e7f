package org.skymetrics.server.ring;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.member.MemberLease;
import org.skymetrics.store.member.MemberLeases;
import org.skymetrics.store.member.RingWatch;
import org.skymetrics.store.member.Standing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's membership by leases: it renews its own, reads those of all, and says what the ring
 * is. A state machine that blocks on the store it is given and on nothing else; whoever owns it
 * calls {@link #step} over and over, each {@link MemberLeases#RENEWAL}.
 *
 * <p>A read counts only after a renewal that succeeded: where this server could not write, others
 * could not either, and that they were not heard of says nothing.
 */
public final class LeasedMembership {
  private static final Logger LOG = LoggerFactory.getLogger(LeasedMembership.class);

  private final Member self;
  private final String holder;
  private final MemberLeases leases;
  private final Counters counters;
  private final Consumer<Ring> rings;
  private final RingWatch watch;
  private MemberLease.State state = MemberLease.State.SERVING;
  private boolean withdrawn;
  private boolean storeFailed;
  private volatile @Nullable String problem;
  private volatile List<Standing> standings = List.of();

  /**
   * A membership that has told nobody yet.
   *
   * @param holder unique to this server and kept over its restarts, like its journal
   * @param rings told of each new ring
   */
  public LeasedMembership(
      Member self,
      String holder,
      MemberLeases leases,
      Clock clock,
      Counters counters,
      Consumer<Ring> rings) {
    this.self = self;
    this.holder = holder;
    this.leases = leases;
    this.counters = counters;
    this.rings = rings;
    this.watch = new RingWatch(clock, MemberLeases.LENGTH);
  }

  /** Renews the lease, reads all, and tells of a new ring. */
  public synchronized void step() {
    if (withdrawn) {
      return;
    }
    try {
      MemberLease holding = leases.announce(self, holder, state, MemberLeases.LENGTH);
      List<MemberLease> read = leases.members();
      answered(holding);
      Ring before = watch.ring();
      watch.read(read).forEach(this::tell);
      if (!watch.ring().equals(before)) {
        rings.accept(watch.ring());
      }
    } catch (StoreException e) {
      failed(e);
    }
    standings = watch.standings();
  }

  private void answered(@Nullable MemberLease holding) {
    if (storeFailed) {
      LOG.info("{} answers: the lease of {} is renewed", leases.describe(), self.name());
      storeFailed = false;
    }
    if (holding == null) {
      problem = null;
      return;
    }
    counters.increment(ServerCounter.LEASES_REFUSED);
    String found =
        "another server is in the ring under the name "
            + self.name()
            + ", at "
            + address(holding.member())
            + ": this one at "
            + address(self)
            + " is not in the ring until it is gone or has another name (--id)";
    if (!found.equals(problem)) {
      LOG.error("{}", found);
    }
    problem = found;
  }

  private void failed(StoreException e) {
    counters.increment(ServerCounter.LEASES_FAILED);
    if (!storeFailed) {
      LOG.warn(
          "the lease of {} was not renewed ({}); the ring stays as it is meanwhile",
          self.name(),
          e.getMessage());
    }
    storeFailed = true;
  }

  private void tell(RingWatch.Change change) {
    Member member = change.member();
    switch (change.state()) {
      case SERVING, LATE -> {
        counters.increment(ServerCounter.MEMBERS_JOINED);
        LOG.info("member {} joined the ring, at {}", member.name(), address(member));
      }
      case LEAVING -> LOG.info("member {} is leaving the ring", member.name());
      case LOST -> {
        counters.increment(ServerCounter.MEMBERS_LOST);
        LOG.warn(
            "member {} at {} was lost: nothing was heard of it for {} s",
            member.name(),
            address(member),
            MemberLeases.LENGTH.toSeconds());
      }
      case LEFT -> {
        counters.increment(ServerCounter.MEMBERS_LEFT);
        LOG.info("member {} left", member.name());
      }
    }
  }

  private static String address(Member member) {
    return member.host() + ":" + member.udpPort();
  }

  /** The server is about to end: it is out of the ring from now on, and goes on saying so. */
  public synchronized void leave() {
    state = MemberLease.State.LEAVING;
    step();
  }

  /** The server ends, and the stores have all it counted. */
  public synchronized void withdraw() {
    withdrawn = true;
    try {
      leases.withdraw(self.name(), holder);
    } catch (StoreException e) {
      failed(e);
    }
  }

  /** Why this server is not in the ring; null where it is, or that is not known. */
  public @Nullable String problem() {
    return problem;
  }

  /** How all members stood at the last step. */
  public List<Standing> standings() {
    return standings;
  }
}
