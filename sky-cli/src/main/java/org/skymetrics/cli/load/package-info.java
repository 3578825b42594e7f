/** A load of counts that is the same for the same seed: to try a ring, and to check its sums. */
@NullMarked
package org.skymetrics.cli.load;

import org.jspecify.annotations.NullMarked;
