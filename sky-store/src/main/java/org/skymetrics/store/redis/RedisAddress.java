package org.skymetrics.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where a Redis is found. */
public sealed interface RedisAddress {
  /**
   * The address of a server; the host is a name or an IP address, without brackets.
   *
   * @param port 1 to 65535
   */
  record Node(String host, int port) {
    /** HOST:PORT, a host of IPv6 in brackets. */
    @Override
    public String toString() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  /** One server. */
  record Single(Node node) implements RedisAddress {
    @Override
    public String toString() {
      return node.toString();
    }
  }

  /** The master of this name, whichever server these sentinels say it is. */
  record Watched(List<Node> sentinels, String master) implements RedisAddress {
    public Watched {
      sentinels = List.copyOf(sentinels);
    }

    @Override
    public String toString() {
      return "sentinel://" + joined(sentinels) + "/" + master;
    }
  }

  /** A Redis Cluster: some of its nodes, any of which tells the others. */
  record Cluster(List<Node> nodes) implements RedisAddress {
    public Cluster {
      nodes = List.copyOf(nodes);
    }

    @Override
    public String toString() {
      return "cluster://" + joined(nodes);
    }
  }

  /**
   * Reads {@code HOST:PORT}, {@code redis://HOST:PORT}, {@code rediss://HOST:PORT}, {@code
   * sentinel://HOST:PORT,.../MASTER} or {@code cluster://HOST:PORT,...}, an IPv6 address in
   * brackets.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  static RedisAddress parse(String text) {
    int end = text.indexOf("://");
    String rest = end < 0 ? text : text.substring(end + 3);
    return switch (end < 0 ? "redis" : text.substring(0, end).toLowerCase(Locale.ROOT)) {
      case "redis", "rediss" -> new Single(node(rest, text));
      case "cluster" -> new Cluster(nodes(rest, text));
      case "sentinel" -> {
        int slash = rest.indexOf('/');
        if (slash < 0 || !rest.substring(slash + 1).matches("[A-Za-z0-9._-]+")) {
          throw wrong(text);
        }
        yield new Watched(nodes(rest.substring(0, slash), text), rest.substring(slash + 1));
      }
      default -> throw wrong(text);
    };
  }

  private static List<Node> nodes(String list, String whole) {
    List<Node> nodes = new ArrayList<>();
    for (String node : list.split(",", -1)) {
      nodes.add(node(node.trim(), whole));
    }
    return nodes;
  }

  private static Node node(String text, String whole) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    String port = text.substring(colon + 1);
    boolean isName =
        !host.isEmpty() && host.chars().noneMatch(c -> c <= ' ' || "[]/@,".indexOf(c) >= 0);
    if (!isName || (!bracketed && host.indexOf(':') >= 0) || !port.matches("[0-9]{1,5}")) {
      throw wrong(whole);
    }
    int number = Integer.parseInt(port);
    if (number < 1 || number > 65_535) {
      throw wrong(whole);
    }
    return new Node(host, number);
  }

  private static String joined(List<Node> nodes) {
    return nodes.stream().map(Node::toString).collect(Collectors.joining(","));
  }

  /** What was given may have a password in it, as other programs spell that: it is not repeated. */
  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "Redis is given as HOST:PORT, as in 127.0.0.1:6379, or rediss://HOST:PORT,"
            + " sentinel://HOST:PORT,HOST:PORT/MASTER, cluster://HOST:PORT,HOST:PORT, not "
            + (text.indexOf('@') < 0 ? "\"" + text + "\"" : "with a user or password in it"));
  }
}
