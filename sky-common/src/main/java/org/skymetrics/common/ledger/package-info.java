/** What can become of a packet on its way from a client to a count, and how that is named. */
@NullMarked
package org.skymetrics.common.ledger;

import org.jspecify.annotations.NullMarked;
