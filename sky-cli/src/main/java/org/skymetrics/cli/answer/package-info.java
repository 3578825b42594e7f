/** Asking the HTTP API, and showing its answers to people and to programs. */
@NullMarked
package org.skymetrics.cli.answer;

import org.jspecify.annotations.NullMarked;
