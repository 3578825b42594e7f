package org.skymetrics.server.ingest;

import org.skymetrics.server.count.ServerCounter;

/** How much the server can take at this moment. Read by all receiving threads. */
public interface Pressure {
  /** Whether new data is taken at all. */
  boolean takesData();

  /** What a packet is counted as that was not taken because of that. */
  ServerCounter refusal();

  /** How often clients are asked to double their flush interval, 0 to 6. */
  int patience();
}
