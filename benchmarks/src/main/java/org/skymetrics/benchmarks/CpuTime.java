package org.skymetrics.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * A profiler of JMH: the CPU time of its threads for an operation, where the clock on the wall
 * tells more of what else the machine does. Of the iterations the least and the mean:
 *
 * <pre>{@code
 * java -jar benchmarks/target/sky-benchmarks.jar -prof org.skymetrics.benchmarks.CpuTime
 * }</pre>
 */
public final class CpuTime implements InternalProfiler {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private long before;

  /** Found by name. */
  public CpuTime() {}

  @Override
  public String getDescription() {
    return "CPU time for an operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = cpuNs();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double each = (double) (cpuNs() - before) / result.getMetadata().getMeasuredOps();
    return List.of(
        new ScalarResult("cpu", each, "ns/op", AggregationPolicy.AVG),
        new ScalarResult("cpu.least", each, "ns/op", AggregationPolicy.MIN));
  }

  private static long cpuNs() {
    long sum = 0;
    for (long id : THREADS.getAllThreadIds()) {
      var thread = THREADS.getThreadInfo(id);
      if (thread != null && thread.getThreadName().contains("jmh-worker")) {
        sum += Math.max(0, THREADS.getThreadCpuTime(id));
      }
    }
    return sum;
  }
}
