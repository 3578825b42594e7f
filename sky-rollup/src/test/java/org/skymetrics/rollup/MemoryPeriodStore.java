package org.skymetrics.rollup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.annotation.AnnotationId;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;

/** The contract of a period store in as few lines as it takes. */
final class MemoryPeriodStore implements PeriodStore {
  private final Map<AnnotationId, Annotation> waitingAnnotations = new TreeMap<>();
  private final Layout layout;
  private final ManualClock clock;
  final Map<ShardPeriod, TreeMap<BatchName, Batch>> mail = new TreeMap<>();
  final Map<ShardPeriod, TreeSet<BatchName>> done = new TreeMap<>();
  final Map<ShardPeriod, Map<Key, Long>> sums = new HashMap<>();
  private final Map<String, String> leases = new HashMap<>();

  MemoryPeriodStore(Layout layout, ManualClock clock) {
    this.layout = layout;
    this.clock = clock;
  }

  @Override
  public Layout layout() {
    return layout;
  }

  @Override
  public synchronized List<PutOutcome> put(List<Batch> batches) {
    List<PutOutcome> outcomes = new ArrayList<>();
    for (Batch batch : batches) {
      if (states(batch.place(), Set.of(batch.name())).containsValue(BatchState.ABSENT)) {
        mail.computeIfAbsent(batch.place(), p -> new TreeMap<>()).put(batch.name(), batch);
        addSums(batch);
        outcomes.add(PutOutcome.TAKEN);
      } else {
        outcomes.add(PutOutcome.KNOWN);
      }
    }
    return outcomes;
  }

  private void addSums(Batch batch) {
    Map<Key, Long> place = sums.computeIfAbsent(batch.place(), p -> new HashMap<>());
    try {
      batch.forEach(
          (series, cell) -> {
            if (cell instanceof CounterCell counter) {
              place.merge(series.key(), counter.sum(), Long::sum);
            }
          });
    } catch (CorruptException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public synchronized Map<BatchName, BatchState> states(
      ShardPeriod place, Collection<BatchName> names) {
    Map<BatchName, BatchState> states = new LinkedHashMap<>();
    for (BatchName name : names) {
      boolean waiting = mail.getOrDefault(place, new TreeMap<>()).containsKey(name);
      boolean isDone = done.getOrDefault(place, new TreeSet<>()).contains(name);
      states.put(name, isDone ? BatchState.DONE : waiting ? BatchState.WAITING : BatchState.ABSENT);
    }
    return states;
  }

  @Override
  public synchronized SortedSet<ShardPeriod> waiting() {
    TreeSet<ShardPeriod> waiting = new TreeSet<>(mail.keySet());
    waiting.removeIf(place -> mail.get(place).isEmpty());
    return waiting;
  }

  @Override
  public synchronized List<Batch> mailbox(ShardPeriod place) {
    return List.copyOf(mail.getOrDefault(place, new TreeMap<>()).values());
  }

  @Override
  public synchronized void done(ShardPeriod place, Collection<BatchName> names) {
    done.computeIfAbsent(place, p -> new TreeSet<>()).addAll(names);
    mail.getOrDefault(place, new TreeMap<>()).keySet().removeAll(names);
  }

  @Override
  public synchronized Map<Key, Long> counters(ShardPeriod place) {
    return Map.copyOf(sums.getOrDefault(place, Map.of()));
  }

  @Override
  public Map<Key, GaugeCell> gauges(int shard) {
    return Map.of();
  }

  @Override
  public synchronized void putAnnotations(Collection<Annotation> annotations) {
    annotations.forEach(annotation -> waitingAnnotations.put(annotation.id(), annotation));
  }

  @Override
  public synchronized List<Annotation> annotations() {
    return List.copyOf(waitingAnnotations.values());
  }

  @Override
  public synchronized void annotationsDone(Collection<AnnotationId> ids) {
    waitingAnnotations.keySet().removeAll(ids);
  }

  @Override
  public Map<Series, Long> seen(int shard) {
    return Map.of();
  }

  @Override
  public synchronized boolean lease(String name, String holder, Duration length) {
    return leases.computeIfAbsent(name, n -> holder).equals(holder);
  }

  @Override
  public synchronized void release(String name, String holder) {
    leases.remove(name, holder);
  }

  @Override
  public long clockMs() {
    return clock.wallMs();
  }

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public void close() {}
}
