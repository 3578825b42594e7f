/** The consistent-hash ring: which member a key goes to. */
@NullMarked
package org.skymetrics.common.ring;

import org.jspecify.annotations.NullMarked;
