package org.skymetrics.common.ring;

/**
 * A server of the ring.
 *
 * @param name unique in the ring and kept over restarts: its points come from it
 * @param host the name or address to reach it at, as clients see it
 * @param udpPort for packets
 * @param adminPort for its admin HTTP, 0 where it is not told
 */
public record Member(String name, String host, int udpPort, int adminPort) {
  private static final int DEFAULT_ADMIN_OFFSET = 1;

  public Member {
    if (name.isEmpty() || name.length() > 255 || host.isEmpty() || host.length() > 255) {
      throw new IllegalArgumentException("a member's name and host have 1 to 255 characters");
    }
    checkPort(udpPort, 1);
    checkPort(adminPort, 0);
  }

  /**
   * Reads {@code HOST:UDPPORT[/ADMINPORT]} (an IPv6 host in brackets); the admin port is one above
   * the UDP port unless said. The name is {@code HOST:UDPPORT}.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public static Member parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    int colon = address.lastIndexOf(':');
    if (colon <= 0) {
      throw wrong(text);
    }
    String host = address.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw wrong(text);
    }
    try {
      int udpPort = Integer.parseInt(address.substring(colon + 1));
      int adminPort =
          slash < 0 ? udpPort + DEFAULT_ADMIN_OFFSET : Integer.parseInt(text.substring(slash + 1));
      return new Member(address, host, udpPort, adminPort);
    } catch (NumberFormatException e) {
      throw wrong(text);
    }
  }

  /** The same server under another name. */
  public Member named(String newName) {
    return new Member(newName, host, udpPort, adminPort);
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "a ring member is HOST:UDPPORT[/ADMINPORT], not \"" + text + "\"");
  }

  private static void checkPort(int port, int min) {
    if (port < min || port > 65535) {
      throw new IllegalArgumentException("a port is " + min + " to 65535, not " + port);
    }
  }
}
