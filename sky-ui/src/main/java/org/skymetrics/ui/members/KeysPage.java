package org.skymetrics.ui.members;

import java.util.Map;
import org.skymetrics.store.batch.Series;

/**
 * Series that a member met after those it told before.
 *
 * @param incarnation of the member; another one begins anew
 * @param next what to ask for next
 * @param seenMs the series, each with the time it was seen
 */
public record KeysPage(String incarnation, long next, Map<Series, Long> seenMs) {
  public KeysPage {
    seenMs = Map.copyOf(seenMs);
  }
}
