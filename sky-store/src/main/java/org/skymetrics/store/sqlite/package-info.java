/**
 * The embedded stores: one SQLite file for the period store, one for history, both in a data
 * directory that is locked while a process has it.
 */
@NullMarked
package org.skymetrics.store.sqlite;

import org.jspecify.annotations.NullMarked;
