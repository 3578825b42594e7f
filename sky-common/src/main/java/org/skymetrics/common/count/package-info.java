/** How parts of Sky show what they count. */
@NullMarked
package org.skymetrics.common.count;

import org.jspecify.annotations.NullMarked;
