/**
 * Work on the whole of history, beside a system that runs: checked, written out as text and taken
 * in again, copied and restored.
 */
@NullMarked
package org.skymetrics.cli.history;

import org.jspecify.annotations.NullMarked;
