package org.skymetrics.server.statsd;

/**
 * A DogStatsD service check.
 *
 * @param key the gauge that keeps its state: the name, with the tags and the host as its child
 * @param status 0 OK, 1 warning, 2 critical, 3 unknown
 * @param timeSeconds when, s since 1970; 0 where the line does not say
 * @param host empty where the line does not say; so are message and tags
 * @param tags as in the line, comma-separated
 */
public record TextServiceCheck(
    String name,
    String key,
    int status,
    long timeSeconds,
    String host,
    String message,
    String tags) {}
