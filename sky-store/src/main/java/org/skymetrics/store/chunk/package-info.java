/**
 * History in columns: chunk files of hours, days and months, the catalogue that says which there
 * are, and the union of all that history has of a period. The layouts are in docs/storage.md.
 */
@NullMarked
package org.skymetrics.store.chunk;

import org.jspecify.annotations.NullMarked;
