/**
 * statsd text into Sky: packets and connections of text are read by the grammar of {@code statsd},
 * folded by a client of the server's own ring, and so forwarded to the owners of their keys. What
 * is refused is counted by cause and can be looked at.
 */
@NullMarked
package org.skymetrics.server.text;

import org.jspecify.annotations.NullMarked;
