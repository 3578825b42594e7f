package org.skymetrics.server.lane;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.wire.Opened.Verdict;

/**
 * One lane: the numbered packet stream of a session to this server. Belongs to one receiving
 * thread.
 *
 * <p>It has two windows while packets are being made safe: the one that is good, and the one ahead,
 * with those packets marked. The second becomes the first, or is dropped without a trace.
 */
public final class Lane {
  private final long number;
  private final Session session;
  private final long nonce;
  private final Verdict verdict;
  private ReceiveWindow window = new ReceiveWindow();
  private @Nullable ReceiveWindow ahead;
  private @Nullable InetSocketAddress address;
  private long heardNs;
  private boolean tookData;
  private boolean ackOwed;
  private boolean reportOwed;
  private boolean closed;
  private LaneLedger ledger = new LaneLedger();
  private boolean ended;

  Lane(
      long number,
      Session session,
      long nonce,
      Verdict verdict,
      @Nullable InetSocketAddress address,
      long nowNs) {
    this.number = number;
    this.session = session;
    this.nonce = nonce;
    this.verdict = verdict;
    this.address = address;
    this.heardNs = nowNs;
  }

  /** A lane as the journal knows it: one that took data, from an address that is not proved. */
  static Lane restored(StoredLane stored, Session session, long nowNs) {
    Lane lane = new Lane(stored.lane(), session, stored.nonce(), stored.verdict(), null, nowNs);
    lane.ledger = stored.ledger();
    lane.window = stored.window();
    lane.tookData = true;
    lane.ended = stored.isEnded();
    return lane;
  }

  /** Writes it as {@link StoredLane} reads it. */
  public void store(ByteWriter out) {
    out.u64(number).u64(session.id()).u64(nonce);
    out.u8(verdict.id() | (ended ? StoredLane.ENDED : 0));
    window.store(out);
    ledger.store(out);
  }

  public long number() {
    return number;
  }

  public long session() {
    return session.id();
  }

  /** Whose it is. */
  Session owner() {
    return session;
  }

  /** What became of each packet that was sent on it. */
  public LaneLedger ledger() {
    return ledger;
  }

  /** How often its client is asked to double its flush interval, for its own sake. */
  public int patience(long nowNs) {
    return session.patience(nowNs);
  }

  long nonce() {
    return nonce;
  }

  /** What was said of the lane that the OPEN of this one named. */
  Verdict verdict() {
    return verdict;
  }

  /** What is safe, and so acknowledged. */
  public ReceiveWindow window() {
    return window;
  }

  /** What will be received once all that is being made safe is. */
  public ReceiveWindow ahead() {
    return ahead == null ? window : ahead;
  }

  /** Marks a packet ahead; true where it is the first one since {@link #commit}. */
  public boolean markAhead(long sequence, long lowestOpen) {
    ReceiveWindow before = ahead;
    ReceiveWindow marked = before == null ? window.copy() : before;
    marked.mark(sequence, lowestOpen);
    ahead = marked;
    return before == null;
  }

  /** What is ahead is safe now. */
  public void commit() {
    if (ahead != null) {
      window = ahead;
      ahead = null;
      tookData = true;
    }
  }

  /** What is ahead is not safe: it was never received. */
  public void abandon() {
    ahead = null;
  }

  /** The address that the client proved last; null where it has proved none since the start. */
  public @Nullable InetSocketAddress address() {
    return address;
  }

  /** Whether the client has proved that it is at this address. */
  public boolean isAt(InetSocketAddress from) {
    return from.equals(address);
  }

  void moveTo(InetSocketAddress newAddress) {
    address = newAddress;
    session.heard(newAddress, heardNs);
  }

  long heardNs() {
    return heardNs;
  }

  void heard(long nowNs) {
    heardNs = nowNs;
    session.heard(address, nowNs);
  }

  /** The server has said, or is about to say, its last word over it: nothing more is taken. */
  public void end() {
    ended = true;
  }

  public boolean isEnded() {
    return ended;
  }

  /** Whether a data packet was taken: if so, nothing may be numbered anew. */
  public boolean tookData() {
    return tookData;
  }

  /** Notes that an acknowledgement is owed; false where one was already. */
  public boolean owesAck() {
    boolean first = !ackOwed;
    ackOwed = true;
    return first;
  }

  /** It is closed: nothing is received on it any more. */
  void close() {
    closed = true;
    ledger.close();
    session.close(this);
  }

  public boolean isClosed() {
    return closed;
  }

  /** Notes that the sums do not have all of its ledger; false where that was known. */
  public boolean owesReport() {
    boolean first = !reportOwed;
    reportOwed = true;
    return first;
  }

  /** The sums have all of it. */
  public void reported() {
    reportOwed = false;
    ledger.tell();
  }

  /** The acknowledgement was sent. */
  public void paidAck() {
    ackOwed = false;
  }
}
