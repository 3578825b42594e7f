/**
 * Whole systems under load: real processes on loopback, measured from outside through {@code /proc}
 * and the interfaces that anyone has. Each is a program of its own that prints one table, and ends
 * with a status other than 0 where a count is missing.
 */
@NullMarked
package org.skymetrics.benchmarks.system;

import org.jspecify.annotations.NullMarked;
