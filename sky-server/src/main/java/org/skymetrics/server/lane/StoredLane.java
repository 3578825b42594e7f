package org.skymetrics.server.lane;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.wire.Opened.Verdict;

/**
 * A lane as the journal holds it.
 *
 * <pre>
 *  u64 lane | u64 session | u64 nonce | u8 verdict, with bit 7 set where it is ended | u64 floor
 *    | 4 x u64 bits | ledger
 * </pre>
 */
public record StoredLane(
    long lane,
    long session,
    long nonce,
    Verdict verdict,
    boolean isEnded,
    ReceiveWindow window,
    LaneLedger ledger) {
  static final int ENDED = 0x80;

  /** Reads what {@link Lane#store} wrote; null where it makes no sense. */
  public static @Nullable StoredLane read(ByteReader in) {
    long lane = in.u64();
    long session = in.u64();
    long nonce = in.u64();
    int verdictAndEnd = in.u8();
    Verdict verdict = Verdict.byId(verdictAndEnd & ~ENDED);
    ReceiveWindow window = ReceiveWindow.load(in);
    LaneLedger ledger = LaneLedger.load(in);
    if (in.failed() || lane == 0 || verdict == null) {
      return null;
    }
    boolean isEnded = (verdictAndEnd & ENDED) != 0;
    return new StoredLane(lane, session, nonce, verdict, isEnded, window, ledger);
  }

  /** The same, with another ledger. */
  public StoredLane with(LaneLedger newLedger) {
    return new StoredLane(lane, session, nonce, verdict, isEnded, window, newLedger);
  }
}
