/** Cells: what one (kind, key, period) has gathered, and how cells merge and are written. */
@NullMarked
package org.skymetrics.common.cell;

import org.jspecify.annotations.NullMarked;
