/**
 * What people look at: the HTTP API, the live stream and the web page, over the ring's open
 * segments, the mailbox and the history united by name.
 */
@NullMarked
package org.skymetrics.ui;

import org.jspecify.annotations.NullMarked;
