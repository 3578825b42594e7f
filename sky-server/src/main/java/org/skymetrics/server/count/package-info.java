/**
 * What the daemon counts about itself: one enum of counters with names and descriptions, and their
 * cells.
 */
@NullMarked
package org.skymetrics.server.count;

import org.jspecify.annotations.NullMarked;
