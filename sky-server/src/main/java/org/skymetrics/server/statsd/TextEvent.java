package org.skymetrics.server.statsd;

/**
 * A DogStatsD event.
 *
 * @param timeSeconds when, s since 1970; 0 where the line does not say
 * @param priority {@code normal} or {@code low}
 * @param alertType {@code info}, {@code warning}, {@code error} or {@code success}
 * @param host empty where the line does not say; so are aggregation key, source and tags
 * @param tags as in the line, comma-separated
 */
public record TextEvent(
    String title,
    String text,
    long timeSeconds,
    String priority,
    String alertType,
    String host,
    String aggregationKey,
    String source,
    String tags) {}
