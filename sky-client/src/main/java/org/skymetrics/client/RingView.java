package org.skymetrics.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.wire.RingPart;

/**
 * The ring as this client knows it, and the parts of a newer one as they come in. The sender's
 * alone.
 */
final class RingView {
  private Ring ring = Ring.empty();
  private long collecting;
  private @Nullable RingPart[] parts = new @Nullable RingPart[0];

  boolean isKnown() {
    return !ring.isEmpty();
  }

  long version() {
    return ring.version();
  }

  List<Member> members() {
    return ring.members();
  }

  int ownerIndex(long ringHash) {
    return ring.ownerIndex(ringHash);
  }

  int ownerIndex(long ringHash, IntPredicate eligible) {
    return ring.ownerIndex(ringHash, eligible);
  }

  /** The first part of the newer ring that has not come in yet; 0 where none has. */
  int nextPart(long version) {
    if (version != collecting) {
      return 0;
    }
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] == null) {
        return i;
      }
    }
    return 0;
  }

  /** What became of a part. */
  enum Taken {
    /** More are to come. */
    PART,
    /** It completed a ring, which is the present one from now on. */
    NEW,
    /** It told nothing new, or completed what is no ring. */
    NOTHING
  }

  /** Takes a part in. */
  Taken take(RingPart part) {
    if (part.ringVersion() == ring.version() && isKnown()) {
      return Taken.NOTHING;
    }
    if (part.ringVersion() != collecting || part.parts() != parts.length) {
      collecting = part.ringVersion();
      parts = new @Nullable RingPart[part.parts()];
    }
    parts[part.part()] = part;
    List<Member> members = new ArrayList<>();
    for (RingPart p : parts) {
      if (p == null) {
        return Taken.PART;
      }
      members.addAll(p.members());
    }
    parts = new @Nullable RingPart[0];
    return replace(members, part.ringVersion()) ? Taken.NEW : Taken.NOTHING;
  }

  private boolean replace(List<Member> members, long version) {
    if (members.isEmpty()) {
      return false;
    }
    try {
      Ring newer = Ring.of(members);
      if (newer.version() != version) {
        return false;
      }
      ring = newer;
      return true;
    } catch (IllegalArgumentException e) {
      // Two members of one name: no server of this protocol says so.
      return false;
    }
  }
}
