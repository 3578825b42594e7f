/**
 * Shelves: values of history that hold what people write, each entry by its name and in versions,
 * so that writers who know nothing of each other can be united.
 */
@NullMarked
package org.skymetrics.store.shelf;

import org.jspecify.annotations.NullMarked;
