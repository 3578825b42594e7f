/**
 * What {@code sky demo} shows: figures of this machine, and how many counts went in and came out.
 */
@NullMarked
package org.skymetrics.cli.demo;

import org.jspecify.annotations.NullMarked;
