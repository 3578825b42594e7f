/** Reading and writing of byte layouts: fixed-size integers, varints, zigzag. */
@NullMarked
package org.skymetrics.common.bytes;

import org.jspecify.annotations.NullMarked;
