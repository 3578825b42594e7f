package org.skymetrics.ui.keys;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.block.DeletionList;
import org.skymetrics.store.block.KeyList;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStore.Versions;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;
import org.skymetrics.ui.members.KeysPage;
import org.skymetrics.ui.members.MemberClient;
import org.skymetrics.ui.members.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the index of keys up to date from three sources: the key lists of history (all that there
 * ever was), the period store's seen series (the last days), and the members, asked several times a
 * second for what they met since (so that a key is listed before any flush). Each is asked again
 * after its interval, and one that takes long to read is rested for longer.
 */
public final class KeyFeed {
  private static final Logger LOG = LoggerFactory.getLogger(KeyFeed.class);

  /**
   * Of the time that a source took to read. What is new is told by members within a second; these
   * sources say what no member knows any more.
   */
  private static final int REST_FACTOR = 400;

  private static final int REST_FACTOR_AFTER_FAULT = 20;
  private static final long MAX_REST_MS = 300_000;
  private static final int FULL_PAGE = 1000;
  private static final String DELETED = "deleted/";
  private static final long LOOK_FOR_MEMBERS_MS = 300;
  private static final String HISTORY = "the key lists of history";
  private static final String SEEN = "the series seen by the period store";

  /** How often each source is asked. */
  public record Intervals(Duration history, Duration seen, Duration members) {}

  private final Vertx vertx;
  private final KeyIndex index;
  private final MemberClient members;
  private final PeriodStore periods;
  private final HistoryStore history;
  private final int shards;
  private final Intervals intervals;
  private final Clock clock;
  private final Counters counters;

  /** What was missing when a source was last read; an empty text where nothing was. */
  private final Map<String, String> faults = new ConcurrentHashMap<>();

  /** The stored lists that were read before; touched by one job at a time. */
  private final Map<String, List<byte[]>> known = new HashMap<>();

  /** The members that are being asked. */
  private final Set<Member> followed = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  public KeyFeed(
      Vertx vertx,
      KeyIndex index,
      MemberClient members,
      PeriodStore periods,
      HistoryStore history,
      int shards,
      Intervals intervals,
      Clock clock,
      Counters counters) {
    this.clock = clock;
    this.vertx = vertx;
    this.index = index;
    this.members = members;
    this.periods = periods;
    this.history = history;
    this.shards = shards;
    this.intervals = intervals;
    this.counters = counters;
  }

  /** Begins, and goes on until closed. */
  public void start() {
    faults.put(HISTORY, "not read yet");
    faults.put(SEEN, "not read yet");
    refresh(HISTORY, this::readHistory, intervals.history());
    refresh(SEEN, this::readSeen, intervals.seen());
    followMembers();
  }

  /** Begins to ask members that are new. Those that are there no more end by themselves. */
  private void followMembers() {
    for (Member member : members.members()) {
      if (member.adminPort() != 0 && followed.add(member)) {
        new MemberFeed(member).ask();
      }
    }
    later(LOOK_FOR_MEMBERS_MS, this::followMembers);
  }

  public void close() {
    closed = true;
  }

  /** What has not been read, each with why; empty when the index is complete. */
  public List<String> missing() {
    List<String> missing = new ArrayList<>();
    faults.forEach(
        (source, fault) -> {
          if (!fault.isEmpty()) {
            missing.add(source + ": " + fault);
          }
        });
    return missing;
  }

  private void refresh(String source, Callable<Void> job, Duration interval) {
    if (closed) {
      return;
    }
    long startNs = clock.monotonicNs();
    vertx
        .executeBlocking(job, false)
        .onComplete(
            done -> {
              if (done.succeeded()) {
                faults.put(source, "");
              } else {
                noteFault(source, done.cause());
              }
              long tookMs = (clock.monotonicNs() - startNs) / 1_000_000;
              int factor = done.succeeded() ? REST_FACTOR : REST_FACTOR_AFTER_FAULT;
              long restMs = Math.max(interval.toMillis(), Math.min(MAX_REST_MS, factor * tookMs));
              later(restMs, () -> refresh(source, job, interval));
            });
  }

  private void noteFault(String source, Throwable cause) {
    counters.count(UiCounter.KEY_REFRESH_FAILURES);
    String before = faults.put(source, String.valueOf(cause.getMessage()));
    boolean isNew = before == null || before.isEmpty() || before.equals("not read yet");
    if (isNew && !closed) {
      if (cause instanceof StoreException) {
        LOG.warn("{} can't be read, and will be tried again: {}", source, cause.getMessage());
      } else {
        LOG.error("{} can't be read, and will be tried again", source, cause);
      }
    }
  }

  private void later(long ms, Runnable job) {
    if (!closed) {
      vertx.setTimer(Math.max(1, ms), timer -> job.run());
    }
  }

  private @Nullable Void readHistory() {
    List<String> keys = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      keys.add(DeletionList.historyKey(shard));
    }
    // Deletions first: what they say is gone must not come back for a moment.
    for (int shard = 0; shard < shards; shard++) {
      keys.add(KeyList.historyKey(shard));
    }
    for (Map.Entry<String, Versions> entry : history.get(keys).entrySet()) {
      List<byte[]> values = entry.getValue().values();
      if (!isKnown(entry.getKey(), values)) {
        values.forEach(value -> addList(entry.getKey(), value));
        known.put(entry.getKey(), values);
      }
    }
    return null;
  }

  private boolean isKnown(String key, List<byte[]> values) {
    List<byte[]> before = known.get(key);
    if (before == null || before.size() != values.size()) {
      return false;
    }
    for (int i = 0; i < values.size(); i++) {
      if (!Arrays.equals(before.get(i), values.get(i))) {
        return false;
      }
    }
    return true;
  }

  private void addList(String key, byte[] value) {
    try {
      if (key.startsWith(DELETED)) {
        index.delete(DeletionList.parse(value).untilMs());
      } else {
        index.add(KeyList.parse(value).lastSeenMs());
      }
    } catch (CorruptException e) {
      counters.count(UiCounter.DAMAGED_VALUES);
      LOG.warn("{} in {} can't be read: {}", key, history.describe(), e.getMessage());
    }
  }

  private @Nullable Void readSeen() {
    for (int shard = 0; shard < shards; shard++) {
      index.add(periods.seen(shard));
    }
    return null;
  }

  /** Follows one member: one question at a time, from where the last answer ended. */
  private final class MemberFeed {
    private static final long MAX_SILENT_MS = 2000;

    /**
     * A member that meets no new series is asked less and less often, down to this: a new key has
     * to be in a page within two seconds.
     */
    private static final long MAX_QUIET_MS = 500;

    private final Member member;
    private String incarnation = "";
    private long next;
    private long restMs;
    private long quietMs;

    MemberFeed(Member member) {
      this.member = member;
      this.restMs = intervals.members().toMillis();
    }

    void ask() {
      if (closed || !members.members().contains(member)) {
        followed.remove(member);
        return;
      }
      members.keys(member, next).compose(this::take).onComplete(done -> later(restMs, this::ask));
    }

    private Future<Void> take(Reply<KeysPage> reply) {
      KeysPage page = reply.value();
      if (page == null) {
        restMs = Math.min(MAX_SILENT_MS, 2 * restMs);
        return Future.succeededFuture();
      }
      // Another life of the member counts from 0: what was asked for with the old number is void.
      boolean begunAnew =
          next > page.next() || (!incarnation.isEmpty() && !incarnation.equals(page.incarnation()));
      incarnation = page.incarnation();
      next = begunAnew ? 0 : page.next();
      boolean more = begunAnew || page.seenMs().size() >= FULL_PAGE;
      restMs = more ? 1 : intervals.members().toMillis();
      if (page.seenMs().isEmpty()) {
        quietMs = Math.max(restMs, Math.min(MAX_QUIET_MS, 2 * quietMs));
        restMs = begunAnew ? restMs : quietMs;
        return Future.succeededFuture();
      }
      quietMs = 0;
      return vertx.executeBlocking(
          () -> {
            index.add(page.seenMs());
            return null;
          },
          false);
    }
  }
}
