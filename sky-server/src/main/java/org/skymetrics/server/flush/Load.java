package org.skymetrics.server.flush;

import java.util.function.DoubleSupplier;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.server.ingest.Pressure;

/**
 * How much the server can take. No new data while there are too many unconfirmed bytes, or no room
 * in the journal; then clients are asked for all the patience there is. Before it comes to that
 * they are asked for some, so that they fold longer and send less: one step more for each second in
 * which packets were dropped on their way to a receiving thread, or the sockets' queues were half
 * full, or that is called for by how full the server is (none up to a half, then evenly up to six);
 * one step less after ten seconds without any of that. Written by one thread.
 */
public final class Load implements Pressure {
  private static final int QUIET_SECONDS = 10;
  private static final double FILL_WITHOUT_PATIENCE = 0.5;

  private final Unconfirmed unconfirmed;
  private final long limitBytes;
  private final DoubleSupplier journalFill;
  private volatile int patience;
  private long droppedBefore;
  private int quiet;

  /**
   * The load of a server.
   *
   * @param journalFill the part of its room that the journal has used; from 1 there is none left
   */
  public Load(Unconfirmed unconfirmed, long limitBytes, DoubleSupplier journalFill) {
    this.unconfirmed = unconfirmed;
    this.limitBytes = limitBytes;
    this.journalFill = journalFill;
  }

  @Override
  public boolean takesData() {
    return unconfirmed.bytes() < limitBytes && journalHasRoom();
  }

  private boolean journalHasRoom() {
    return journalFill.getAsDouble() < 1;
  }

  @Override
  public Outcome refusal() {
    return journalHasRoom() ? Outcome.FULL : Outcome.JOURNAL_FULL;
  }

  @Override
  public int patience() {
    return takesData() ? patience : Ack.MAX_PATIENCE;
  }

  /** What the fill calls for. */
  private int wanted() {
    double fill = Math.max(unconfirmed.bytes() / (double) limitBytes, journalFill.getAsDouble());
    double above = (fill - FILL_WITHOUT_PATIENCE) / (1 - FILL_WITHOUT_PATIENCE);
    return (int) Math.max(0, Math.min(Ack.MAX_PATIENCE, Math.ceil(Ack.MAX_PATIENCE * above)));
  }

  /**
   * A second has passed.
   *
   * @param dropped packets dropped since the start
   * @param backlog whether a socket's queue is half full or more
   */
  public void second(long dropped, boolean backlog) {
    boolean trouble = dropped > droppedBefore || backlog;
    droppedBefore = dropped;
    int wanted = wanted();
    int now = patience;
    if (trouble || wanted > now) {
      quiet = 0;
      patience = Math.min(Ack.MAX_PATIENCE, now + 1);
    } else if (++quiet >= QUIET_SECONDS) {
      quiet = 0;
      patience = Math.max(wanted, Math.max(0, now - 1));
    }
  }
}
