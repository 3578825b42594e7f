/**
 * From a packet to a count: a state machine for each receiving thread, with time and replies passed
 * in. No I/O, no threads.
 */
@NullMarked
package org.skymetrics.server.ingest;

import org.jspecify.annotations.NullMarked;
