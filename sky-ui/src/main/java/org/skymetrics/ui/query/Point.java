package org.skymetrics.ui.query;

import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.Swing;

/**
 * What a series has in one step.
 *
 * @param timeMs the start of the step
 * @param swing how it moved over the base periods of the step
 * @param cell all of the step merged
 * @param open whether it may still grow: its period runs, or batches of it are not in history yet
 */
public record Point(long timeMs, Swing swing, Cell cell, boolean open) {}
