/** The members of the ring, as clients are told of them. */
@NullMarked
package org.skymetrics.server.ring;

import org.jspecify.annotations.NullMarked;
