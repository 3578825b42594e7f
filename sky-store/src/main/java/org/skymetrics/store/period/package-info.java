/**
 * The period store: mailboxes of batches on their way to history, and the running sums anyone can
 * read.
 */
@NullMarked
package org.skymetrics.store.period;

import org.jspecify.annotations.NullMarked;
