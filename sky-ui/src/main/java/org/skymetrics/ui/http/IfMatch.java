package org.skymetrics.ui.http;

import org.jspecify.annotations.Nullable;

/** Versions as entity tags: who changes something says which version it has seen. */
final class IfMatch {
  private IfMatch() {}

  /** The entity tag of a version. */
  static String tag(long version) {
    return "\"" + version + "\"";
  }

  /**
   * Refuses a change of a version that nobody, or not this one, has seen.
   *
   * @param header {@code If-Match} of the request
   * @param what is changed, as a sentence begins
   */
  static void require(@Nullable String header, long version, String what) {
    requireSaid(header);
    if (header != null && !header.trim().equals("*") && !header.trim().equals(tag(version))) {
      throw new HttpFault(412, what + " has version " + version + " by now; read it again");
    }
  }

  /** Refuses a change that does not say which version it has seen. */
  static void requireSaid(@Nullable String header) {
    if (header == null) {
      throw new HttpFault(
          428, "say which version you have seen: If-Match: \"1\", or If-Match: * for any");
    }
  }
}
