/** Asking the servers of the ring for what is not in the stores yet. */
@NullMarked
package org.skymetrics.ui.members;

import org.jspecify.annotations.NullMarked;
