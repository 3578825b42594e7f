/**
 * What history holds, made from batches alone: blocks (sets united by name), levels and key lists.
 */
@NullMarked
package org.skymetrics.store.block;

import org.jspecify.annotations.NullMarked;
