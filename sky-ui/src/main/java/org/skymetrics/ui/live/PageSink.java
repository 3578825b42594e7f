package org.skymetrics.ui.live;

import java.util.List;
import org.skymetrics.store.live.Follower.Told;

/** The way to a page. Safe from any thread, and never blocks. */
public interface PageSink {
  /** Whether the page has taken what it was sent before, more or less. */
  boolean isReady();

  /**
   * Tells the page.
   *
   * @param partial the members that told nothing of the newest second, each with why
   */
  void send(Told told, List<String> partial);

  /** Ends it, with a sentence for the page. */
  void refuse(String why);
}
