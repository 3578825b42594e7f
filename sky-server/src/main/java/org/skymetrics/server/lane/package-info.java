/**
 * Lanes: the proof of an address, the numbers of lanes, what was received on each. No I/O, no
 * threads.
 */
@NullMarked
package org.skymetrics.server.lane;

import org.jspecify.annotations.NullMarked;
