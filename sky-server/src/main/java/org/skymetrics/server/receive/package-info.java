/** What sockets of all kinds have in common. */
@NullMarked
package org.skymetrics.server.receive;

import org.jspecify.annotations.NullMarked;
