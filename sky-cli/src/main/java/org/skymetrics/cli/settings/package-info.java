/**
 * The one place where configuration is read: options, then the environment, then a file. Nothing
 * else looks at the environment.
 */
@NullMarked
package org.skymetrics.cli.settings;

import org.jspecify.annotations.NullMarked;
