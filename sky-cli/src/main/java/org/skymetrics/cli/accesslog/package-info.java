/** Access logs as a source of counts: files followed through rotation, their lines read. */
@NullMarked
package org.skymetrics.cli.accesslog;

import org.jspecify.annotations.NullMarked;
