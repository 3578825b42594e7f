package org.skymetrics.store.riak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a Riak cluster is and how it is used.
 *
 * @param nodes the addresses to talk to; any of them will do
 * @param bucket the bucket (of the default type) that holds the history
 * @param timeout how long one try of an operation may take; an operation has up to 3, each on
 *     another node after one that did not answer
 * @param connectTimeout how long it may take to connect to a node
 * @param connections the most operations at one time, each of which has a connection for itself
 * @param putsInFlight the most puts at one time
 * @param login null where the nodes' security is off; connections are plain then
 */
public record RiakOptions(
    List<Node> nodes,
    String bucket,
    Duration timeout,
    Duration connectTimeout,
    int connections,
    int putsInFlight,
    @Nullable RiakLogin login) {
  /** Where Riak listens for its protocol when not told otherwise. */
  public static final int DEFAULT_PORT = 8087;

  private static final int MAX_PORT = 65_535;
  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofHours(1);

  /** The address of a node; the host is a name or an IP address, without brackets. */
  public record Node(String host, int port) {
    /** HOST:PORT, a host of IPv6 in brackets. */
    @Override
    public String toString() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  /**
   * Checks all of it.
   *
   * @throws IllegalArgumentException naming every fault
   */
  public RiakOptions {
    nodes = List.copyOf(nodes);
    List<String> faults = new ArrayList<>();
    if (nodes.isEmpty()) {
      faults.add("no node is named; give HOST:PORT,HOST:PORT");
    }
    if (bucket.isBlank()) {
      faults.add("the bucket has no name");
    }
    requireBetween(faults, "timeout", timeout);
    requireBetween(faults, "connect timeout", connectTimeout);
    if (connections < 1) {
      faults.add("connections are 1 or more, not " + connections);
    }
    if (putsInFlight < 1 || putsInFlight > connections) {
      faults.add(
          "puts in flight are 1 to " + connections + " (the connections), not " + putsInFlight);
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException("Riak: " + String.join("; ", faults));
    }
  }

  private static void requireBetween(List<String> faults, String name, Duration value) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      faults.add("the " + name + " is 10 ms to 1 h, not " + value);
    }
  }

  /**
   * Reads {@code HOST:PORT,HOST:PORT}; without a port it is {@value #DEFAULT_PORT}, and an IPv6
   * address with a port is in brackets. The rest is as it is by default: bucket {@code sky}, 10 s
   * for a try, 2 s to connect, 16 connections, 8 puts in flight.
   *
   * @throws IllegalArgumentException naming every address that is none
   */
  public static RiakOptions parse(String nodes) {
    List<Node> parsed = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (String address : nodes.split(",", -1)) {
      String text = address.trim();
      try {
        parsed.add(node(text));
      } catch (NumberFormatException e) {
        faults.add("\"" + text + "\"");
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          "Riak: not an address: " + String.join(", ", faults) + "; give HOST:PORT,HOST:PORT");
    }
    return new RiakOptions(
        parsed, "sky", Duration.ofSeconds(10), Duration.ofSeconds(2), 16, 8, null);
  }

  private static Node node(String text) {
    int bracket = text.indexOf(']');
    boolean isBracketed = text.startsWith("[") && bracket > 0;
    boolean isBareIpv6 = !isBracketed && text.indexOf(':') != text.lastIndexOf(':');
    int colon = isBareIpv6 ? -1 : text.indexOf(':', isBracketed ? bracket : 0);
    String rest = colon < 0 ? text : text.substring(0, colon);
    String host = isBracketed && rest.endsWith("]") ? rest.substring(1, rest.length() - 1) : rest;
    int port = colon < 0 ? DEFAULT_PORT : Integer.parseInt(text.substring(colon + 1));
    boolean isName =
        !host.isEmpty() && host.chars().noneMatch(c -> c <= ' ' || "[]/@".indexOf(c) >= 0);
    if (!isName || port < 1 || port > MAX_PORT) {
      throw new NumberFormatException();
    }
    return new Node(host, port);
  }

  public RiakOptions withBucket(String name) {
    return new RiakOptions(nodes, name, timeout, connectTimeout, connections, putsInFlight, login);
  }

  public RiakOptions withTimeout(Duration length) {
    return new RiakOptions(nodes, bucket, length, connectTimeout, connections, putsInFlight, login);
  }

  public RiakOptions withConnectTimeout(Duration length) {
    return new RiakOptions(nodes, bucket, timeout, length, connections, putsInFlight, login);
  }

  public RiakOptions withLogin(RiakLogin newLogin) {
    return new RiakOptions(
        nodes, bucket, timeout, connectTimeout, connections, putsInFlight, newLogin);
  }

  /** Both bounds at once: all operations, and the puts among them. */
  public RiakOptions withInFlight(int operations, int puts) {
    return new RiakOptions(nodes, bucket, timeout, connectTimeout, operations, puts, login);
  }
}
