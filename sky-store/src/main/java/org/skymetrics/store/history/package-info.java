/**
 * The history store: a plain store of values with contexts, in which concurrent writes stay as
 * siblings.
 */
@NullMarked
package org.skymetrics.store.history;

import org.jspecify.annotations.NullMarked;
