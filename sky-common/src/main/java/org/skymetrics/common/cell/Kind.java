package org.skymetrics.common.cell;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a series measures. One key may have a series of each kind. */
public enum Kind {
  COUNTER(1),
  GAUGE(2),
  HISTOGRAM(3),
  SET(4);

  private static final Kind[] BY_ID = {null, COUNTER, GAUGE, HISTOGRAM, SET};

  private final int id;

  Kind(int id) {
    this.id = id;
  }

  /** The number that stands for this kind on the wire and in stores. */
  public int id() {
    return id;
  }

  /** The name in commands, the HTTP API and JSON: {@code counter}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of this number, or null where there is none. */
  public static @Nullable Kind byId(int id) {
    return id > 0 && id < BY_ID.length ? BY_ID[id] : null;
  }

  /** The kind of this label, or null where there is none. */
  public static @Nullable Kind byLabel(String label) {
    for (Kind kind : values()) {
      if (kind.label().equals(label)) {
        return kind;
      }
    }
    return null;
  }

  /** A cell of this kind that has gathered nothing. */
  public Cell newCell() {
    return switch (this) {
      case COUNTER -> new CounterCell();
      case GAUGE -> new GaugeCell();
      case HISTOGRAM -> new HistogramCell();
      case SET -> new SetCell();
    };
  }
}
