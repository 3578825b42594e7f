/**
 * From tables to the period store: segments are sealed into named batches, which are kept and put
 * again until history names them.
 */
@NullMarked
package org.skymetrics.server.flush;

import org.jspecify.annotations.NullMarked;
