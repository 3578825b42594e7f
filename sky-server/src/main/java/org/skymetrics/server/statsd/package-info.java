/**
 * statsd and DogStatsD text: datagrams become samples, refusals, events and service checks. Pure:
 * no I/O, no clock, nothing kept from one line to the next.
 */
@NullMarked
package org.skymetrics.server.statsd;

import org.jspecify.annotations.NullMarked;
