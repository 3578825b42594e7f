/** Keys: which are good, which parents they have, where they hash to. */
@NullMarked
package org.skymetrics.common.key;

import org.jspecify.annotations.NullMarked;
