package org.skymetrics.server.ring;

import java.util.ArrayList;
import java.util.List;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;

/**
 * The ring by a static list, and which of its members this server is. A server that the list has
 * under its address is that member, with the name that the list gives it: the places on the ring
 * come from names, so all servers must use the same. One that the list does not have is added.
 */
public record Membership(Member self, Ring ring) {
  /**
   * The membership of a server.
   *
   * @param own this server by its own name, at the address that clients are told
   * @throws IllegalArgumentException where the list has this server's name at another address
   */
  public static Membership of(Member own, List<Member> listed) {
    for (Member member : listed) {
      if (member.host().equals(own.host()) && member.udpPort() == own.udpPort()) {
        return new Membership(member, Ring.of(listed));
      }
    }
    for (Member member : listed) {
      if (member.name().equals(own.name())) {
        throw new IllegalArgumentException(
            "the ring's member "
                + own.name()
                + " is listed at "
                + address(member)
                + ", but this server of that name tells clients "
                + address(own)
                + "; list it there, or give it another name");
      }
    }
    List<Member> all = new ArrayList<>(listed);
    all.add(own);
    return new Membership(own, Ring.of(all));
  }

  private static String address(Member member) {
    return member.host() + ":" + member.udpPort();
  }
}
