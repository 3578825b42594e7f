/** Wire protocol 1 as docs/protocol.md specifies it: packets read and written, no I/O. */
@NullMarked
package org.skymetrics.common.wire;

import org.jspecify.annotations.NullMarked;
