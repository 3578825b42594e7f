package org.skymetrics.ui.access;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a login leads: a path of this server, never another place. */
public final class ReturnPath {
  private static final String HOME = "/";

  /**
   * A slash, and then neither a slash nor a backslash, which browsers take for the start of a host;
   * printable ASCII only, for they drop tabs and line ends before they look.
   */
  private static final Pattern SAFE = Pattern.compile("/(?:[!-.0-\\[\\]-~][!-\\[\\]-~]{0,4000})?");

  private ReturnPath() {}

  /** The path, or the page where it is not one to lead to. */
  public static String of(@Nullable String asked) {
    return asked != null && SAFE.matcher(asked).matches() ? asked : HOME;
  }
}
