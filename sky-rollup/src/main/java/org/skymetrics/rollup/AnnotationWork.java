package org.skymetrics.rollup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.annotation.Annotations;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.PeriodStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves annotations from the period store to their shelves in history, a day at a time. It needs no
 * lease: a shelf is a union, so two that move the same do no harm.
 */
final class AnnotationWork {
  private static final Logger LOG = LoggerFactory.getLogger(AnnotationWork.class);

  private final PeriodStore periods;
  private final Annotations annotations;
  private final Counters counters;
  private final FirstTimes firstTimes;

  AnnotationWork(
      PeriodStore periods, HistoryStore history, Counters counters, FirstTimes firstTimes) {
    this.periods = periods;
    this.annotations = new Annotations(history);
    this.counters = counters;
    this.firstTimes = firstTimes;
  }

  /** Moves all that wait; those whose shelf can't be read go on waiting. */
  void run() {
    Map<Long, List<Annotation>> byDay = new LinkedHashMap<>();
    for (Annotation annotation : periods.annotations()) {
      byDay.computeIfAbsent(annotation.id().day(), day -> new ArrayList<>()).add(annotation);
    }
    byDay.values().forEach(this::move);
  }

  private void move(List<Annotation> ofDay) {
    try {
      if (annotations.put(ofDay) == Annotations.Outcome.FULL) {
        counters.count(RollupCounter.ANNOTATION_DAYS_FULL);
      }
    } catch (CorruptException e) {
      counters.count(RollupCounter.ANNOTATIONS_DAMAGED);
      if (firstTimes.isFirst(e.toString())) {
        LOG.error("{}; what belongs there waits until it is repaired or removed", e.getMessage());
      }
      return;
    }
    periods.annotationsDone(ofDay.stream().map(Annotation::id).toList());
    counters.add(RollupCounter.ANNOTATIONS_MOVED, ofDay.size());
  }
}
