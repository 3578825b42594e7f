package org.skymetrics.cli.node;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.member.MemberLeases;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.redis.RedisMemberLeases;
import org.skymetrics.store.redis.RedisOptions;
import org.skymetrics.store.redis.RedisPeriodStore;
import org.skymetrics.store.riak.RiakHistoryStore;
import org.skymetrics.store.riak.RiakOptions;
import org.skymetrics.store.sqlite.DataDirectory;
import org.skymetrics.store.sqlite.SqliteHistoryStore;
import org.skymetrics.store.sqlite.SqlitePeriodStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stores of a process, and the directory that it has locked for them. */
public final class Stores implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Stores.class);

  private final Closing closing;
  private final PeriodStore periods;
  private final @Nullable MemberLeases leases;
  private final @Nullable HistoryStore history;
  private final @Nullable DataDirectory directory;
  private final Duration lateHorizon;

  private Stores(
      Closing closing,
      PeriodStore periods,
      @Nullable MemberLeases leases,
      @Nullable HistoryStore history,
      @Nullable DataDirectory directory,
      Duration lateHorizon) {
    this.closing = closing;
    this.periods = periods;
    this.leases = leases;
    this.history = history;
    this.directory = directory;
    this.lateHorizon = lateHorizon;
  }

  /**
   * Which stores a process has.
   *
   * @param redis null where the period store is embedded, in {@code data}
   * @param riak null where history is embedded, in {@code data}
   * @param data the directory, null where none is needed
   * @param sharesHistory whether other processes may have the same directory, for its history
   * @param lateHorizon how old a count may be
   */
  public record Wanted(
      @Nullable RedisOptions redis,
      @Nullable RiakOptions riak,
      @Nullable Path data,
      boolean withHistory,
      boolean sharesHistory,
      Layout layout,
      Duration lateHorizon) {}

  /**
   * Opens them. A Redis that is away is no fault: it is asked again whenever it is needed.
   *
   * @throws StoreException with a sentence: the directory is in use, the layout is another
   */
  public static Stores open(Wanted wanted) {
    Closing closing = new Closing();
    boolean opened = false;
    try {
      DataDirectory directory = null;
      if (wanted.data() != null) {
        DataDirectory.Mode mode =
            wanted.sharesHistory()
                ? DataDirectory.Mode.SHARED_HISTORY
                : DataDirectory.Mode.EXCLUSIVE;
        directory = closing.add(DataDirectory.lock(wanted.data(), mode));
      }
      PeriodStore periods = closing.add(periods(wanted, directory));
      MemberLeases leases =
          wanted.redis() == null
              ? null
              : closing.add(RedisMemberLeases.lazily(wanted.redis(), new StoreCounters()));
      HistoryStore history = wanted.withHistory() ? closing.add(history(wanted, directory)) : null;
      opened = true;
      return new Stores(closing, periods, leases, history, directory, wanted.lateHorizon());
    } finally {
      if (!opened) {
        closing.close();
      }
    }
  }

  private static PeriodStore periods(Wanted wanted, @Nullable DataDirectory directory) {
    if (wanted.redis() != null) {
      return reach(
          RedisPeriodStore.lazily(
              wanted.redis(), wanted.layout(), wanted.lateHorizon(), new StoreCounters()));
    }
    if (directory == null) {
      throw new IllegalArgumentException("an embedded store needs a directory");
    }
    return SqlitePeriodStore.open(
        directory.path(),
        wanted.layout(),
        wanted.lateHorizon(),
        Clock.system(),
        new StoreCounters());
  }

  private static HistoryStore history(Wanted wanted, @Nullable DataDirectory directory) {
    if (wanted.riak() != null) {
      return RiakHistoryStore.connect(wanted.riak());
    }
    if (directory == null) {
      throw new IllegalArgumentException("an embedded history needs a directory");
    }
    return SqliteHistoryStore.open(directory.path());
  }

  /** Tries the store once: what waiting won't mend is told now. */
  private static PeriodStore reach(PeriodStore store) {
    try {
      store.clockMs();
    } catch (StoreException e) {
      switch (e.fault()) {
        case UNAVAILABLE, TIMEOUT ->
            LOG.warn(
                "{} is not reached: {}. Going on without it, and trying again; what is counted"
                    + " meanwhile is kept in memory",
                store.describe(),
                e.getMessage());
        default -> {
          store.close();
          throw e;
        }
      }
    }
    return store;
  }

  public PeriodStore periods() {
    return periods;
  }

  /** How old a count may be. */
  public Duration lateHorizon() {
    return lateHorizon;
  }

  /** Where the members of a ring find each other; null without Redis. */
  public @Nullable MemberLeases leases() {
    return leases;
  }

  /** History, where it was wanted. */
  public HistoryStore history() {
    if (history == null) {
      throw new IllegalStateException("no history was opened");
    }
    return history;
  }

  /** The name that is kept in the directory; null where there is no directory. */
  public @Nullable String memberName() {
    return directory == null ? null : directory.memberName();
  }

  /** Where a server keeps its journal; null where there is no directory, so that it has none. */
  public @Nullable Path journal() {
    return directory == null ? null : directory.path().resolve("journal");
  }

  /** Where they are, for people. */
  public String describe() {
    return history == null ? periods.describe() : periods.describe() + "; " + history.describe();
  }

  @Override
  public void close() {
    closing.close();
  }
}
