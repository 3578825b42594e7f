/** Who may use the page and the API: passwords, sessions, tokens, and how often one may try. */
@NullMarked
package org.skymetrics.ui.access;

import org.jspecify.annotations.NullMarked;
