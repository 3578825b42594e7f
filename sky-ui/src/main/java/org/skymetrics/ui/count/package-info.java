/** What the UI server counts, by cause. */
@NullMarked
package org.skymetrics.ui.count;

import org.jspecify.annotations.NullMarked;
