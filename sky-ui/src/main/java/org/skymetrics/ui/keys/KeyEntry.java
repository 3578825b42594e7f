package org.skymetrics.ui.keys;

import java.util.Set;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;

/**
 * A key as it is listed.
 *
 * @param segment its last segment
 * @param separator what stands before that: {@code |}, {@code >}, or nothing for a root
 * @param kinds of its series; none for a key that only has children
 * @param hasChildren whether there are keys below it
 * @param lastSeenMs when it or a key below it was last seen, ms since 1970
 */
public record KeyEntry(
    Key key,
    String segment,
    String separator,
    Set<Kind> kinds,
    boolean hasChildren,
    long lastSeenMs) {}
