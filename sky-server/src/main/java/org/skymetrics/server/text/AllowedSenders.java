package org.skymetrics.server.text;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Whom text is taken from: this machine, and the networks that were named. Immutable. */
public final class AllowedSenders {
  /** A network: those addresses of its length whose first bits are its. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Network(byte[] address, int bits) {
    boolean holds(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      int whole = bits / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != other[i]) {
          return false;
        }
      }
      int rest = bits % 8;
      return rest == 0 || (address[whole] ^ other[whole]) >> (8 - rest) == 0;
    }
  }

  private final List<Network> networks;

  private AllowedSenders(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  /** This machine alone. */
  public static AllowedSenders loopback() {
    return new AllowedSenders(List.of());
  }

  /**
   * This machine, and what is named: IP addresses, and networks as {@code 10.0.0.0/8}.
   *
   * @throws IllegalArgumentException with a sentence that says what would be right
   */
  public static AllowedSenders of(List<String> named) {
    List<Network> networks = new ArrayList<>();
    named.forEach(text -> networks.add(network(text)));
    return new AllowedSenders(networks);
  }

  private static Network network(String text) {
    int slash = text.indexOf('/');
    String ip = slash < 0 ? text : text.substring(0, slash);
    if (InetAddresses.isInetAddress(ip)) {
      byte[] address = InetAddresses.forString(ip).getAddress();
      int most = 8 * address.length;
      String bits = slash < 0 ? String.valueOf(most) : text.substring(slash + 1);
      if (bits.matches("[0-9]{1,3}") && Integer.parseInt(bits) <= most) {
        return new Network(address, Integer.parseInt(bits));
      }
    }
    throw new IllegalArgumentException(
        "senders are named by IP address or network, as 10.1.2.3 or 10.0.0.0/8, not \""
            + text
            + "\"");
  }

  /** Whether any other machine is heard. */
  public boolean namesOthers() {
    return !networks.isEmpty();
  }

  /** Whether text is taken from this address. */
  boolean allows(InetAddress sender) {
    if (sender.isLoopbackAddress()) {
      return true;
    }
    if (networks.isEmpty()) {
      return false;
    }
    byte[] address = sender.getAddress();
    return networks.stream().anyMatch(network -> network.holds(address));
  }
}
