/** Files that only their owner may read, read again when they change. */
@NullMarked
package org.skymetrics.common.file;

import org.jspecify.annotations.NullMarked;
