package org.skymetrics.store.batch;

import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;

/** A key and a kind: what one line of a chart shows. In order of key, then kind. */
public record Series(Key key, Kind kind) implements Comparable<Series> {
  @Override
  public int compareTo(Series other) {
    int order = key.compareTo(other.key);
    return order != 0 ? order : kind.compareTo(other.kind);
  }
}
