/** The index of all keys: a tree of segments, and search. */
@NullMarked
package org.skymetrics.ui.keys;

import org.jspecify.annotations.NullMarked;
