package org.skymetrics.cli.history;

import org.skymetrics.common.cell.Cell;
import org.skymetrics.store.batch.Series;

/** What one series counted in one period: a line of a file of text. */
record HistoryLine(long timeMs, long periodMs, Series series, Cell cell) {}
