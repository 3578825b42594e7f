/** Tables: from the bytes of a key to its cells and those of its parents. One writer each. */
@NullMarked
package org.skymetrics.server.aggregate;

import org.jspecify.annotations.NullMarked;
