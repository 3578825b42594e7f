package org.skymetrics.server.lane;

/**
 * What one session may take of a receiving thread.
 *
 * @param packetsPerSecond data packets a second, over all its lanes; as many more in a burst
 * @param lanes lanes at a time
 */
public record Quotas(int packetsPerSecond, int lanes) {}
