package org.skymetrics.server.flush;

import java.util.function.BooleanSupplier;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.ingest.Pressure;

/**
 * How much the server can take. No new data while there are too many unconfirmed bytes, or no room
 * in the journal. Clients are asked for patience when packets were dropped on their way to a
 * receiving thread: one step more for each second with drops, one less after ten without. Written
 * by one thread.
 */
public final class Load implements Pressure {
  private static final int QUIET_SECONDS = 10;

  private final Unconfirmed unconfirmed;
  private final long limitBytes;
  private final BooleanSupplier journalHasRoom;
  private volatile int patience;
  private long droppedBefore;
  private int quiet;

  public Load(Unconfirmed unconfirmed, long limitBytes, BooleanSupplier journalHasRoom) {
    this.unconfirmed = unconfirmed;
    this.limitBytes = limitBytes;
    this.journalHasRoom = journalHasRoom;
  }

  @Override
  public boolean takesData() {
    return unconfirmed.bytes() < limitBytes && journalHasRoom.getAsBoolean();
  }

  @Override
  public ServerCounter refusal() {
    return journalHasRoom.getAsBoolean()
        ? ServerCounter.FULL_PACKETS
        : ServerCounter.JOURNAL_FULL_PACKETS;
  }

  @Override
  public int patience() {
    return takesData() ? patience : Ack.MAX_PATIENCE;
  }

  /** A second has passed; so many packets were dropped since the start. */
  public void second(long dropped) {
    boolean more = dropped > droppedBefore;
    droppedBefore = dropped;
    quiet = more ? 0 : quiet + 1;
    int now = patience;
    if (more) {
      patience = Math.min(Ack.MAX_PATIENCE, now + 1);
    } else if (quiet >= QUIET_SECONDS) {
      patience = Math.max(0, now - 1);
      quiet = 0;
    }
  }
}
