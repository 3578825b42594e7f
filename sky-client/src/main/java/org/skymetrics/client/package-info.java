/**
 * The application's side of Sky: the API that is called millions of times a second, the fold that
 * turns those calls into one cell per key, and the one sender thread that packs, numbers and
 * re-sends them to the ring.
 */
@NullMarked
package org.skymetrics.client;

import org.jspecify.annotations.NullMarked;
