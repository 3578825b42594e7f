/** Live seconds of all members, merged, and told to pages. */
@NullMarked
package org.skymetrics.ui.live;

import org.jspecify.annotations.NullMarked;
