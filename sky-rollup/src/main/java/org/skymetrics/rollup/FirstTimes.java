package org.skymetrics.rollup;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which events were told already, so that each is logged once however often it is met. Remembers
 * the last thousand; safe from any thread.
 */
final class FirstTimes {
  private static final int REMEMBERED = 1000;

  private final Map<String, Boolean> told =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  synchronized boolean isFirst(String event) {
    return told.put(event, Boolean.TRUE) == null;
  }
}
