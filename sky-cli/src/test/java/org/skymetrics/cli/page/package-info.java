/** The page in a real Chromium: what it shows is compared with what was sent. */
@NullMarked
package org.skymetrics.cli.page;

import org.jspecify.annotations.NullMarked;
