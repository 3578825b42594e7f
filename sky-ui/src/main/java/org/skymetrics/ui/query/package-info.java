/**
 * Exact reading: what servers, mailboxes and history hold, united by name in the order in which the
 * data moves.
 */
@NullMarked
package org.skymetrics.ui.query;

import org.jspecify.annotations.NullMarked;
