package org.skymetrics.server.text;

import java.net.InetSocketAddress;
import org.skymetrics.server.statsd.Dialect;

/**
 * An address at which text is taken, over UDP and TCP.
 *
 * @param address port 0: any free one
 */
public record TextListener(InetSocketAddress address, Dialect dialect) {}
