/**
 * Batches: what a server gathered for one (shard, period), as named immutable bytes; and the series
 * table they are made of.
 */
@NullMarked
package org.skymetrics.store.batch;

import org.jspecify.annotations.NullMarked;
