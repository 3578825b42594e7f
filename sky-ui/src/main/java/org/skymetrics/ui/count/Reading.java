package org.skymetrics.ui.count;

/**
 * The value of a counter at one moment.
 *
 * @param name in snake case, with its part: {@code sky_ui_requests}
 * @param description what it counts, in one line
 */
public record Reading(String name, String description, long value) {}
