/**
 * Live seconds: what watched series have in each of the last seconds, how a server tells them to
 * readers, and how readers keep them. State machines and codecs; sockets and time are others'.
 */
@NullMarked
package org.skymetrics.store.live;

import org.jspecify.annotations.NullMarked;
