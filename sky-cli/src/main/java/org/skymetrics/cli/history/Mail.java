package org.skymetrics.cli.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.annotation.AnnotationId;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;

/**
 * Some batches in memory as a period store of their own: a rollup takes them to history just as it
 * does those that servers put. Keeps no sums, gauges, seen series and annotations. For one thread.
 */
final class Mail implements PeriodStore {
  private final Layout layout;
  private final Map<ShardPeriod, Map<BatchName, Batch>> waiting = new TreeMap<>();

  Mail(Layout layout) {
    this.layout = layout;
  }

  @Override
  public Layout layout() {
    return layout;
  }

  @Override
  public List<PutOutcome> put(List<Batch> batches) {
    for (Batch batch : batches) {
      waiting.computeIfAbsent(batch.place(), p -> new TreeMap<>()).put(batch.name(), batch);
    }
    return batches.stream().map(batch -> PutOutcome.TAKEN).toList();
  }

  @Override
  public Map<BatchName, BatchState> states(ShardPeriod place, Collection<BatchName> names) {
    Map<BatchName, Batch> there = waiting.getOrDefault(place, Map.of());
    Map<BatchName, BatchState> states = new HashMap<>();
    names.forEach(
        name -> states.put(name, there.containsKey(name) ? BatchState.WAITING : BatchState.DONE));
    return states;
  }

  @Override
  public SortedSet<ShardPeriod> waiting() {
    return new TreeSet<>(waiting.keySet());
  }

  @Override
  public List<Batch> mailbox(ShardPeriod place) {
    return new ArrayList<>(waiting.getOrDefault(place, Map.of()).values());
  }

  @Override
  public void done(ShardPeriod place, Collection<BatchName> names) {
    Map<BatchName, Batch> there = waiting.getOrDefault(place, Map.of());
    names.forEach(there::remove);
    if (there.isEmpty()) {
      waiting.remove(place);
    }
  }

  @Override
  public Map<Key, Long> counters(ShardPeriod place) {
    return Map.of();
  }

  @Override
  public Map<Key, GaugeCell> gauges(int shard) {
    return Map.of();
  }

  /** A transfer of history has none to put; a backup copies those that history has. */
  @Override
  public void putAnnotations(Collection<Annotation> annotations) {
    throw new UnsupportedOperationException("batches only");
  }

  @Override
  public List<Annotation> annotations() {
    return List.of();
  }

  @Override
  public void annotationsDone(Collection<AnnotationId> ids) {}

  @Override
  public Map<Series, Long> seen(int shard) {
    return Map.of();
  }

  @Override
  public boolean lease(String name, String holder, Duration length) {
    return true;
  }

  @Override
  public void release(String name, String holder) {}

  @Override
  public long clockMs() {
    return Clock.system().wallMs();
  }

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public void close() {}
}
