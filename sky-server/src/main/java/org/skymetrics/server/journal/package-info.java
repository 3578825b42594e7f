/**
 * The journal: what was accepted is written here before it is counted or acknowledged, so that a
 * server that was killed counts the same after it has started again. Bytes and files only, behind a
 * small interface; no network, no threads of its own.
 */
@NullMarked
package org.skymetrics.server.journal;

import org.jspecify.annotations.NullMarked;
