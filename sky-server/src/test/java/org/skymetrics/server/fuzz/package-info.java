/**
 * Coverage-guided fuzzing of all that reads bytes of strangers or of damaged disks: a target a
 * reader, and {@link org.skymetrics.server.fuzz.FuzzIT}, which runs them.
 */
package org.skymetrics.server.fuzz;
