package org.skymetrics.ui.members;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.member.MemberLeases;
import org.skymetrics.store.member.RingWatch;
import org.skymetrics.store.member.Standing;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members as their leases tell, read again and again on a thread of its own. One that was lost
 * is asked still, for its journal may hold counts: so an answer without it is told to be partial.
 * While the leases can't be read, those that were known are asked.
 */
public final class FollowedLeases implements MemberList, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedLeases.class);

  private final MemberLeases leases;
  private final RingWatch watch;
  private final Counters counters;
  private final ScheduledExecutorService thread;
  private volatile List<Standing> standings = List.of();
  private volatile Ring ring = Ring.empty();
  private volatile @Nullable String fault = "not read yet";
  private boolean failed;

  private FollowedLeases(MemberLeases leases, Clock clock, Counters counters) {
    this.leases = leases;
    this.watch = new RingWatch(clock, MemberLeases.LENGTH);
    this.counters = counters;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread made = new Thread(task, "sky-ui-members");
              made.setDaemon(true);
              return made;
            });
  }

  /** Follows them until it is closed; they were read once, or tried, when this returns. */
  public static FollowedLeases start(MemberLeases leases, Clock clock, Counters counters) {
    FollowedLeases followed = new FollowedLeases(leases, clock, counters);
    followed.read();
    long delayMs = MemberLeases.RENEWAL.toMillis();
    var unused =
        followed.thread.scheduleWithFixedDelay(
            followed::readAtTheEdge, delayMs, delayMs, TimeUnit.MILLISECONDS);
    return followed;
  }

  private void readAtTheEdge() {
    try {
      read();
    } catch (RuntimeException e) {
      // The thread's edge: the next read begins anew.
      counters.count(UiCounter.LEASES_FAILED);
      LOG.error("the leases of the members were not read", e);
    }
  }

  private void read() {
    try {
      var unused = watch.read(leases.members());
      ring = watch.ring();
      fault = null;
      if (failed) {
        LOG.info("{} answers: the members' leases are read", leases.describe());
      }
      failed = false;
    } catch (StoreException e) {
      counters.count(UiCounter.LEASES_FAILED);
      if (!failed) {
        LOG.warn("the members' leases can't be read, and will be tried again: {}", e.getMessage());
      }
      failed = true;
      if (fault != null) {
        fault = "their leases can't be read: " + e.getMessage();
      }
    }
    standings = watch.standings();
  }

  @Override
  public List<Member> toAsk() {
    return standings.stream().filter(Standing::mayHoldCounts).map(Standing::member).toList();
  }

  @Override
  public Ring ring() {
    return ring;
  }

  @Override
  public List<Standing> standings() {
    return standings;
  }

  @Override
  public @Nullable String fault() {
    return fault;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
