package org.skymetrics.server;

/**
 * A host and a port as options spell them: {@code HOST:PORT}, an IPv6 address in brackets.
 *
 * @param port 0 to 65535
 */
record HostPort(String host, int port) {
  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      host = "";
    }
    try {
      int port = colon < 0 ? -1 : Integer.parseInt(text.substring(colon + 1));
      if (!host.isEmpty() && port >= 0 && port <= 65535) {
        return new HostPort(host, port);
      }
    } catch (NumberFormatException e) {
      throw wrong(text);
    }
    throw wrong(text);
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "an address is HOST:PORT with a port of 0 to 65535, not \"" + text + "\"");
  }
}
