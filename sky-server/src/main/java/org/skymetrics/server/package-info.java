/**
 * The ring daemon: it receives packets over UDP, journals them, counts them, and flushes what it
 * has counted as named batches; with it its membership of the ring and its admin HTTP.
 */
@NullMarked
package org.skymetrics.server;

import org.jspecify.annotations.NullMarked;
