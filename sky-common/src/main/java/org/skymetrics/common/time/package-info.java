/** Time as Sky counts it: clocks that are passed in, and periods. */
@NullMarked
package org.skymetrics.common.time;

import org.jspecify.annotations.NullMarked;
