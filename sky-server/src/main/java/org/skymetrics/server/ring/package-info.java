/** The members of the ring, as clients are told of them: by a list, or by leases. */
@NullMarked
package org.skymetrics.server.ring;

import org.jspecify.annotations.NullMarked;
