/**
 * History on Riak KV: one bucket, an object a value, siblings as Riak keeps them. Built on the
 * official client, which is old and only used in {@link org.skymetrics.store.riak.NodeLink}.
 */
@NullMarked
package org.skymetrics.store.riak;

import org.jspecify.annotations.NullMarked;
