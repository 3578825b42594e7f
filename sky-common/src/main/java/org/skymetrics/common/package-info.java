/**
 * What every part of Sky shares: keys, cells, periods, the ring and the wire protocol. Applications
 * embed it, so it needs the JDK only.
 */
@NullMarked
package org.skymetrics.common;

import org.jspecify.annotations.NullMarked;
