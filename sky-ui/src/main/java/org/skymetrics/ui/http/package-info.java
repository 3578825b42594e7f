/** The HTTP API (docs/http-api.md): parameters checked, questions asked, answers written. */
@NullMarked
package org.skymetrics.ui.http;

import org.jspecify.annotations.NullMarked;
