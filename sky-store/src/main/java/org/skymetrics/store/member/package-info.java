/** Who is in the ring: the leases of its members, and what is made of them by who reads them. */
@NullMarked
package org.skymetrics.store.member;

import org.jspecify.annotations.NullMarked;
