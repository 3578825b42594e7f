package org.skymetrics.server.admin;

/**
 * A value that goes up and down.
 *
 * @param name as in {@code sky_server_lanes}, without the prefix
 * @param description a sentence
 */
public record Gauge(String name, String description, double value) {}
