package org.skymetrics.server.aggregate;

/**
 * How many distinct series a segment may have, which is a period long.
 *
 * @param all over all sessions
 * @param ofSession that one session is the first to name
 */
public record KeyLimits(int all, int ofSession) {}
