package org.skymetrics.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.cell.Kind;

/**
 * The gauges, histograms and sets that threads share in one scope: virtual threads, and platform
 * threads past the number of thread tables.
 */
final class SharedTable {
  final Map<String, SampleSource> gauges = new ConcurrentHashMap<>();
  final Map<String, SampleSource> histograms = new ConcurrentHashMap<>();

  /** Of all threads: a set has no sources of single threads. */
  final Map<String, SetSource> sets = new ConcurrentHashMap<>();

  static <S extends Source> @Nullable S find(Map<String, S> sources, String name) {
    S source = sources.get(name);
    return source == null || source.isRetired() ? null : source;
  }

  Map<String, ? extends Source> of(Kind kind) {
    return switch (kind) {
      case COUNTER -> throw new IllegalArgumentException("counters have their own table");
      case GAUGE -> gauges;
      case HISTOGRAM -> histograms;
      case SET -> sets;
    };
  }

  /** The live source of a name: the one there is, or a new one of this series. */
  Source putIfDead(String name, Entry entry, Registry registry) {
    return switch (entry.kind) {
      case COUNTER -> throw new IllegalArgumentException("counters have their own table");
      case GAUGE -> gauges.compute(name, (n, s) -> live(s, entry, n, registry));
      case HISTOGRAM -> histograms.compute(name, (n, s) -> live(s, entry, n, registry));
      case SET -> sets.compute(name, (n, s) -> live(s, entry, n, registry));
    };
  }

  @SuppressWarnings("unchecked") // the factory makes what the series' kind says
  private static <S extends Source> S live(
      @Nullable S present, Entry entry, String name, Registry registry) {
    if (present != null && !present.isRetired()) {
      return present;
    }
    S source = (S) registry.factory().shared(entry.kind, name);
    registry.add(entry, source);
    return source;
  }

  /** Lets go of what is retired. The sender calls it when it has retired some. */
  void purge() {
    gauges.values().removeIf(Source::isRetired);
    histograms.values().removeIf(Source::isRetired);
    sets.values().removeIf(Source::isRetired);
  }
}
