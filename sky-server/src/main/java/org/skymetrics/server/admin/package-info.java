/**
 * HTTP for operators and readers: health, metrics, status, and the batches that history may not
 * have yet.
 */
@NullMarked
package org.skymetrics.server.admin;

import org.jspecify.annotations.NullMarked;
