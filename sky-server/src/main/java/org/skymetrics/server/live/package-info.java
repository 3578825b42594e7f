/**
 * Live seconds: what is counted of the series that somebody watches, second by second, and the
 * streams that tell it. Costs nothing for all other series but the look at one field.
 */
@NullMarked
package org.skymetrics.server.live;

import org.jspecify.annotations.NullMarked;
