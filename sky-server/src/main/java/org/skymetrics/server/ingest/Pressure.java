package org.skymetrics.server.ingest;

import org.skymetrics.common.ledger.Outcome;

/** How much the server can take at this moment. Read by all receiving threads. */
public interface Pressure {
  /** Whether new data is taken at all. */
  boolean takesData();

  /** What becomes of a packet that is not taken because of that. */
  Outcome refusal();

  /** How often clients are asked to double their flush interval, 0 to 6. */
  int patience();
}
