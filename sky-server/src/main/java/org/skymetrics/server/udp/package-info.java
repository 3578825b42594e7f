/** The sockets: one for each receiving thread, and the bounded queues between the threads. */
@NullMarked
package org.skymetrics.server.udp;

import org.jspecify.annotations.NullMarked;
