package org.skymetrics.simulation;

import org.skymetrics.server.journal.JournalFiles;
import org.skymetrics.simulation.SimulatedNetwork.Passage;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.PeriodStore;

/**
 * The parts that are plugged in, as they should be. A test that wants to see a fault found
 * overrides one of them.
 */
class Parts {
  /** The period store as a server has it. */
  PeriodStore ofServer(PeriodStore store, SimulatedRedis redis) {
    return store;
  }

  /** The history store as a rollup has it, for the life of its process. */
  HistoryStore ofRollup(HistoryStore store) {
    return store;
  }

  /** The history store as a reader has it, made before it asks anybody anything. */
  HistoryStore ofReader(HistoryStore store, SimulatedRiak riak) {
    return store;
  }

  /** The period store as a reader has it. */
  PeriodStore ofReader(PeriodStore store) {
    return store;
  }

  /** The journal directory as a server's process has it. */
  JournalFiles files(JournalFiles files) {
    return files;
  }

  /** What is between the network and who receives a packet. */
  Passage passage(World world) {
    return (message, on) -> on.accept(message);
  }
}
