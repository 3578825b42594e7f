package org.skymetrics.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Clock;
import org.skymetrics.simulation.SimulatedRedis.Lease;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.annotation.AnnotationId;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.EntryReader;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.period.Posting;

/** A period store on a {@link SimulatedRedis}. */
final class SimulatedPeriodStore implements PeriodStore {
  private final SimulatedRedis redis;
  private final Layout layout;
  private final Clock clock;
  private final StoreCounters counters;
  private final EntryReader entries;
  private boolean closed;

  SimulatedPeriodStore(SimulatedRedis redis, Layout layout, Clock clock, StoreCounters counters) {
    this.redis = redis;
    this.layout = layout;
    this.clock = clock;
    this.counters = counters;
    this.entries = new EntryReader(counters);
    layout.requireSame(redis.layout(layout), describe());
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreException(StoreException.Fault.UNAVAILABLE, describe() + " is closed");
    }
  }

  @Override
  public Layout layout() {
    return layout;
  }

  @Override
  public List<PutOutcome> put(List<Batch> batches) {
    synchronized (redis) {
      requireOpen();
      layout.requireSame(redis.layout(layout), describe());
      List<Posting> postings = batches.stream().map(b -> Posting.of(b, layout)).toList();
      List<PutOutcome> outcomes = new ArrayList<>();
      for (Posting posting : postings) {
        outcomes.add(put(posting));
      }
      return outcomes;
    }
  }

  private PutOutcome put(Posting posting) {
    Batch batch = posting.batch();
    if (redis.state().knows(batch.place(), batch.name().toString())) {
      counters.increment(StoreCounter.KNOWN_BATCH);
      return PutOutcome.KNOWN;
    }
    boolean[] isFirst = {true};
    redis.change(
        state -> {
          int[] refusedAndLate = state.post(posting);
          if (isFirst[0]) {
            counters.add(StoreCounter.REFUSED_INCREMENT, refusedAndLate[0]);
            counters.add(StoreCounter.LATE_GAUGE, refusedAndLate[1]);
            isFirst[0] = false;
          }
        });
    return PutOutcome.TAKEN;
  }

  @Override
  public Map<BatchName, BatchState> states(ShardPeriod place, Collection<BatchName> names) {
    synchronized (redis) {
      requireOpen();
      Map<BatchName, BatchState> states = new TreeMap<>();
      for (BatchName name : names) {
        states.put(name, state(place, name.toString()));
      }
      return states;
    }
  }

  private BatchState state(ShardPeriod place, String name) {
    if (redis.state().isDone(place, name)) {
      return BatchState.DONE;
    }
    return redis.state().knows(place, name) ? BatchState.WAITING : BatchState.ABSENT;
  }

  @Override
  public SortedSet<ShardPeriod> waiting() {
    synchronized (redis) {
      requireOpen();
      return new TreeSet<>(redis.state().mail.keySet());
    }
  }

  @Override
  public List<Batch> mailbox(ShardPeriod place) {
    synchronized (redis) {
      requireOpen();
      List<Batch> batches = new ArrayList<>();
      redis
          .state()
          .mail
          .getOrDefault(place, new TreeMap<>())
          .forEach(
              (name, bytes) -> {
                Batch batch = entries.batch(place, name, bytes);
                if (batch != null) {
                  batches.add(batch);
                }
              });
      return batches;
    }
  }

  @Override
  public void done(ShardPeriod place, Collection<BatchName> names) {
    synchronized (redis) {
      requireOpen();
      List<String> spelled = names.stream().map(BatchName::toString).toList();
      redis.change(state -> state.done(place, spelled));
    }
  }

  @Override
  public Map<Key, Long> counters(ShardPeriod place) {
    synchronized (redis) {
      requireOpen();
      return new TreeMap<>(redis.state().sums.getOrDefault(place, new TreeMap<>()));
    }
  }

  @Override
  public Map<Key, GaugeCell> gauges(int shard) {
    synchronized (redis) {
      requireOpen();
      Map<Key, GaugeCell> latest = new TreeMap<>();
      redis
          .state()
          .gauges
          .getOrDefault(shard, new TreeMap<>())
          .forEach(
              (key, gauge) -> {
                GaugeCell cell = entries.gauge(gauge.cell(), 0);
                if (cell != null) {
                  latest.put(key, cell);
                }
              });
      return latest;
    }
  }

  @Override
  public void putAnnotations(Collection<Annotation> annotations) {
    synchronized (redis) {
      requireOpen();
      redis.change(state -> annotations.forEach(a -> state.annotations.put(a.id(), a)));
    }
  }

  @Override
  public List<Annotation> annotations() {
    synchronized (redis) {
      requireOpen();
      return List.copyOf(redis.state().annotations.values());
    }
  }

  @Override
  public void annotationsDone(Collection<AnnotationId> ids) {
    synchronized (redis) {
      requireOpen();
      redis.change(state -> state.annotations.keySet().removeAll(ids));
    }
  }

  @Override
  public Map<Series, Long> seen(int shard) {
    synchronized (redis) {
      requireOpen();
      return new TreeMap<>(redis.state().seenMs.getOrDefault(shard, new TreeMap<>()));
    }
  }

  @Override
  public boolean lease(String name, String holder, Duration length) {
    synchronized (redis) {
      requireOpen();
      long nowMs = clock.wallMs();
      Lease present = redis.leases.get(name);
      if (present != null && present.endMs() > nowMs && !present.holder().equals(holder)) {
        return false;
      }
      redis.leases.put(name, new Lease(holder, nowMs + length.toMillis()));
      return true;
    }
  }

  @Override
  public void release(String name, String holder) {
    synchronized (redis) {
      requireOpen();
      Lease present = redis.leases.get(name);
      if (present != null && present.holder().equals(holder)) {
        redis.leases.remove(name);
      }
    }
  }

  @Override
  public long clockMs() {
    requireOpen();
    return clock.wallMs();
  }

  @Override
  public String describe() {
    return "simulated Redis";
  }

  @Override
  public void close() {
    closed = true;
  }
}
