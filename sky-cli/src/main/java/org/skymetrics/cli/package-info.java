/**
 * The {@code sky} command: it reads the configuration, starts the parts that were asked for, in one
 * process or in many, and stops them in order.
 */
@NullMarked
package org.skymetrics.cli;

import org.jspecify.annotations.NullMarked;
