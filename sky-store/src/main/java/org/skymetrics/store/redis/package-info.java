/**
 * The period store on Redis 6.2 or newer: mailboxes, running sums and leases that many machines
 * share. The keys are in docs/storage.md, the scripts beside the classes.
 */
@NullMarked
package org.skymetrics.store.redis;

import org.jspecify.annotations.NullMarked;
