package org.skymetrics.store.period;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.annotation.AnnotationId;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;

/**
 * The way from servers to history: mailboxes of named batches, and beside them the running sums
 * that anyone can read at once. It is soft state: a store that was wiped or rolled back is filled
 * again by the servers.
 *
 * <p>Every operation may be repeated. All methods are safe from any thread, block, and throw {@link
 * org.skymetrics.store.StoreException}, after which it is not known whether they took effect.
 */
public interface PeriodStore extends AutoCloseable {
  /** How old a count may be, where nothing else is configured. */
  Duration LATE_HORIZON = Duration.ofDays(1);

  /**
   * How long done-lists are kept after they were last written, and a series after the last period
   * it was seen in: the late horizon and a day.
   */
  static Duration retention(Duration lateHorizon) {
    return lateHorizon.plusDays(1);
  }

  /**
   * How long the running sums of a period are kept after they were last written. They are by far
   * the most that a period store holds, and only the latest are looked at: after this time they may
   * be begun anew by what comes late.
   */
  Duration SUMS_RETENTION = Duration.ofHours(1);

  /** Where a batch is on its way. */
  enum BatchState {
    /** Neither in the mailbox nor in the done-list. */
    ABSENT,
    /** In the mailbox. */
    WAITING,
    /** In the done-list: history holds it. */
    DONE
  }

  /** What became of a batch that was put. */
  enum PutOutcome {
    /** It is in the mailbox now, and counted. */
    TAKEN,
    /** Its name was in the mailbox or the done-list: nothing changed. */
    KNOWN
  }

  /** The layout that the store was created with. */
  Layout layout();

  /**
   * Puts batches, each in one step: where its name is neither in the mailbox of its (shard, period)
   * nor in the done-list, stores it, adds its counters to the period's counters, takes its gauges
   * where they are later, and marks its series as seen. Otherwise nothing.
   *
   * @return the outcomes in the order of the batches
   * @throws IllegalArgumentException where one does not fit the layout or holds cells that can't be
   *     read; then none was put
   */
  List<PutOutcome> put(List<Batch> batches);

  /** The state of each of these names. */
  Map<BatchName, BatchState> states(ShardPeriod place, Collection<BatchName> names);

  /** The mailboxes that are not empty, oldest first. */
  SortedSet<ShardPeriod> waiting();

  /** The batches in a mailbox. A damaged one is left out and counted. */
  List<Batch> mailbox(ShardPeriod place);

  /**
   * {@link #mailbox(ShardPeriod)} for who keeps what was read: a batch never changes, so one that
   * {@code known} gives need not be read again. Where a store would have to be asked twice for
   * that, all are read.
   *
   * @param known gives the batch that was read under a name, or null
   */
  default List<Batch> mailbox(ShardPeriod place, Function<BatchName, @Nullable Batch> known) {
    return mailbox(place);
  }

  /** Moves names from the mailbox to the done-list; also those that are not in the mailbox. */
  void done(ShardPeriod place, Collection<BatchName> names);

  /**
   * The integer sums of a period's counters so far; of less than that once none was added for
   * {@link #SUMS_RETENTION}.
   */
  Map<Key, Long> counters(ShardPeriod place);

  /** The latest cell of each gauge of a shard. */
  Map<Key, GaugeCell> gauges(int shard);

  /** Keeps annotations until history has them; putting one again is the same as once. */
  void putAnnotations(Collection<Annotation> annotations);

  /** The annotations that wait for history. What can't be read is left out and counted. */
  List<Annotation> annotations();

  /** History has these: they wait no more. */
  void annotationsDone(Collection<AnnotationId> ids);

  /**
   * The series of a shard that were put, each with when it was seen last, ms since 1970: the start
   * of the ten minutes of its last period, as {@link Posting#seenSeconds} has it.
   */
  Map<Series, Long> seen(int shard);

  /**
   * Takes or renews a lease; it ends by itself after {@code length}.
   *
   * @return whether {@code holder} has it now
   */
  boolean lease(String name, String holder, Duration length);

  /** Gives a lease back, where {@code holder} has it. */
  void release(String name, String holder);

  /** The store's clock, ms since 1970: the one that all servers are compared with. */
  long clockMs();

  /** How the store is named to an operator: kind and address. */
  String describe();

  @Override
  void close();
}
