package org.skymetrics.common.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;

/** A numbered part of the ring, at most 1200 bytes; the layout is in docs/protocol.md. */
public record RingPart(long session, long ringVersion, int part, int parts, List<Member> members)
    implements Packet {
  private static final int FIXED_BYTES = 25;
  private static final int MAX_MEMBERS = 255;

  public RingPart {
    members = List.copyOf(members);
  }

  /** The ring in as many parts as it needs, at least one. */
  public static List<RingPart> partsOf(Ring ring, long session) {
    List<List<Member>> groups = new ArrayList<>();
    List<Member> group = new ArrayList<>();
    int bytes = FIXED_BYTES;
    for (Member member : ring.members()) {
      int more = 6 + utf8(member.name()).length + utf8(member.host()).length;
      if (bytes + more > RingRequest.BYTES || group.size() == MAX_MEMBERS) {
        groups.add(group);
        group = new ArrayList<>();
        bytes = FIXED_BYTES;
      }
      group.add(member);
      bytes += more;
    }
    groups.add(group);
    List<RingPart> parts = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      parts.add(new RingPart(session, ring.version(), i, groups.size(), groups.get(i)));
    }
    return parts;
  }

  @Override
  public PacketType type() {
    return PacketType.RING;
  }

  @Override
  public void write(ByteWriter out) {
    Packet.header(out, type(), 0, session).u64(ringVersion).u16(part).u16(parts);
    out.u8(members.size());
    for (Member member : members) {
      text(out, member.name());
      text(out, member.host());
      out.u16(member.udpPort()).u16(member.adminPort());
    }
  }

  static @Nullable RingPart read(long session, ByteReader in) {
    long version = in.u64();
    int part = in.u16();
    int parts = in.u16();
    int n = in.u8();
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      String name = text(in);
      String host = text(in);
      int udpPort = in.u16();
      int adminPort = in.u16();
      if (in.failed() || name.isEmpty() || host.isEmpty() || udpPort == 0) {
        return null;
      }
      members.add(new Member(name, host, udpPort, adminPort));
    }
    return part < parts ? new RingPart(session, version, part, parts, members) : null;
  }

  private static void text(ByteWriter out, String s) {
    byte[] bytes = utf8(s);
    out.u8(bytes.length).raw(bytes);
  }

  private static String text(ByteReader in) {
    return new String(in.raw(in.u8()), StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }
}
