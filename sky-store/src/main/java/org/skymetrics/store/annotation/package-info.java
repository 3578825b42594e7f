/**
 * Annotations: what people and programs want to be seen on charts, at a time or over a span; how
 * they are stored, and the shelf in history that they are on.
 */
@NullMarked
package org.skymetrics.store.annotation;

import org.jspecify.annotations.NullMarked;
