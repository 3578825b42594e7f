/** Small programs that a user would copy: each shows one way to count with the client, and runs. */
@NullMarked
package org.skymetrics.examples;

import org.jspecify.annotations.NullMarked;
