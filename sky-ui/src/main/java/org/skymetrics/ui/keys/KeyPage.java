package org.skymetrics.ui.keys;

import java.util.List;

/** Some keys, and whether there are more than were asked for. */
public record KeyPage(List<KeyEntry> keys, boolean truncated) {
  public KeyPage {
    keys = List.copyOf(keys);
  }
}
