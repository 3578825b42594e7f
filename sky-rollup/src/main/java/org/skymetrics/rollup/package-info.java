/**
 * The rollup process: it unites the mailbox of each shard and period with its block in history, and
 * makes the coarser levels and the chunks from the blocks.
 */
@NullMarked
package org.skymetrics.rollup;

import org.jspecify.annotations.NullMarked;
