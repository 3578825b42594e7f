/** Putting the parts of Sky together in one process: their stores, and their end in order. */
@NullMarked
package org.skymetrics.cli.node;

import org.jspecify.annotations.NullMarked;
