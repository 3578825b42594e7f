package org.skymetrics.server.lane;

import java.net.InetSocketAddress;
import org.skymetrics.common.wire.Opened.Verdict;

/**
 * One lane: the numbered packet stream of a session to this server. Belongs to one receiving
 * thread.
 */
public final class Lane {
  private final long number;
  private final long session;
  private final long nonce;
  private final Verdict verdict;
  private final ReceiveWindow window = new ReceiveWindow();
  private InetSocketAddress address;
  private long heardNs;
  private boolean tookData;
  private boolean ackOwed;

  Lane(
      long number,
      long session,
      long nonce,
      Verdict verdict,
      InetSocketAddress address,
      long nowNs) {
    this.number = number;
    this.session = session;
    this.nonce = nonce;
    this.verdict = verdict;
    this.address = address;
    this.heardNs = nowNs;
  }

  public long number() {
    return number;
  }

  public long session() {
    return session;
  }

  long nonce() {
    return nonce;
  }

  /** What was said of the lane that the OPEN of this one named. */
  Verdict verdict() {
    return verdict;
  }

  public ReceiveWindow window() {
    return window;
  }

  /** The address that the client proved last. */
  public InetSocketAddress address() {
    return address;
  }

  void moveTo(InetSocketAddress newAddress) {
    address = newAddress;
  }

  long heardNs() {
    return heardNs;
  }

  void heard(long nowNs) {
    heardNs = nowNs;
  }

  boolean tookData() {
    return tookData;
  }

  /** Remembers that a data packet was taken: from now on nothing may be numbered anew. */
  public void takesData() {
    tookData = true;
  }

  /** Notes that an acknowledgement is owed; false where one was already. */
  public boolean owesAck() {
    boolean first = !ackOwed;
    ackOwed = true;
    return first;
  }

  /** The acknowledgement was sent. */
  public void paidAck() {
    ackOwed = false;
  }
}
