/**
 * What things cost, measured with JMH. Each measure stands beside a floor of the same run, for
 * machines differ and so do their loads: docs/performance.md tells the ratios.
 */
@NullMarked
package org.skymetrics.benchmarks;

import org.jspecify.annotations.NullMarked;
