/** Dashboards: charts that somebody has put together and named, kept in history for all. */
@NullMarked
package org.skymetrics.store.dashboard;

import org.jspecify.annotations.NullMarked;
