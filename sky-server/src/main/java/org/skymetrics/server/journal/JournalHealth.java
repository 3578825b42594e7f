package org.skymetrics.server.journal;

import java.util.Iterator;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What does not work at the moment, by what it was wanted for; said in the log when it begins and
 * when it is over, and counted each time. Safe from any thread.
 */
final class JournalHealth {
  private static final Logger LOG = LoggerFactory.getLogger(JournalHealth.class);

  private final SortedMap<String, String> problems = new TreeMap<>();
  private final String directory;
  private final Counters counters;
  private volatile boolean isGood = true;

  JournalHealth(String directory, Counters counters) {
    this.directory = directory;
    this.counters = counters;
  }

  /**
   * Something failed.
   *
   * @param what half a sentence: "write packets of thread 1"
   */
  synchronized void failed(ServerCounter cause, String what, Exception fault) {
    counters.increment(cause);
    String message = fault.getMessage();
    String problem =
        "the journal "
            + directory
            + " can't "
            + what
            + " ("
            + (message == null ? fault.getClass().getSimpleName() : message)
            + "); tried again until it works";
    if (problems.put(what, problem) == null) {
      LOG.error("{}", problem);
    }
    isGood = false;
  }

  /** It works, or works again. */
  void worked(String what) {
    if (!isGood) {
      clear(what);
    }
  }

  private synchronized void clear(String what) {
    if (problems.remove(what) != null) {
      LOG.info("the journal {} can {} again", directory, what);
    }
    isGood = problems.isEmpty();
  }

  /** What does not work, a sentence; null where all does. */
  synchronized @Nullable String problem() {
    Iterator<String> sentences = problems.values().iterator();
    return sentences.hasNext() ? sentences.next() : null;
  }
}
