package org.skymetrics.server.lane;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.wire.Opened.Verdict;

/**
 * A lane as the journal holds it.
 *
 * <pre>
 *  u64 lane | u64 session | u64 nonce | u8 verdict | u64 floor | 4 x u64 bits | ledger
 * </pre>
 */
public record StoredLane(
    long lane, long session, long nonce, Verdict verdict, ReceiveWindow window, LaneLedger ledger) {
  /** Reads what {@link Lane#store} wrote; null where it makes no sense. */
  public static @Nullable StoredLane read(ByteReader in) {
    long lane = in.u64();
    long session = in.u64();
    long nonce = in.u64();
    Verdict verdict = Verdict.byId(in.u8());
    ReceiveWindow window = ReceiveWindow.load(in);
    LaneLedger ledger = LaneLedger.load(in);
    if (in.failed() || lane == 0 || verdict == null) {
      return null;
    }
    return new StoredLane(lane, session, nonce, verdict, window, ledger);
  }

  /** The same, with another ledger. */
  public StoredLane with(LaneLedger newLedger) {
    return new StoredLane(lane, session, nonce, verdict, window, newLedger);
  }
}
