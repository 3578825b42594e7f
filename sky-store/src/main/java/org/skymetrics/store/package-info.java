/**
 * Where batches and blocks are kept: the period stores (Redis, SQLite), the history stores (Riak,
 * SQLite), and the codecs that give every one of them the same bytes for the same batches.
 */
@NullMarked
package org.skymetrics.store;

import org.jspecify.annotations.NullMarked;
