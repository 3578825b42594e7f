/**
 * Sealed packets: the shared secret, the keys that are made from it, and what opens and closes
 * packets on either side. The form, and why no nonce is used twice, is in docs/protocol.md.
 */
@NullMarked
package org.skymetrics.common.seal;

import org.jspecify.annotations.NullMarked;
