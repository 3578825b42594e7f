package org.skymetrics.server.ingest;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.server.ingest.GaugeLevels.Level;

/**
 * Makes changes of gauges values, in the packet itself, in the order in which packets arrive and
 * before they go to the journal: so all that comes after knows values only, and a journal that is
 * read again gives the same ones. One for each receiving thread, which alone uses it.
 */
final class GaugeChanges {
  private final GaugeLevels levels;

  /** Gauges that packets of this batch set or changed, which the journal does not have yet. */
  private final Set<Key> unwritten = new HashSet<>();

  /** The gauges that the packet at hand changes. */
  private final Map<Key, Level> changed = new HashMap<>();

  GaugeChanges(GaugeLevels levels) {
    this.levels = levels;
  }

  /**
   * Settles the changes in a packet that was found good, and notes what it sets gauges to that are
   * followed.
   *
   * @return false where a value is not known yet; the packet is as it was then
   */
  boolean settle(DataReader packet, long referenceMs) {
    if (levels.isEmpty() && !packet.hasGaugeChanges()) {
      return true;
    }
    if (packet.hasGaugeChanges() && !allKnown(packet)) {
      return false;
    }
    packet.rewind();
    while (packet.next()) {
      if (packet.kind() == Kind.GAUGE && isKey(packet)) {
        note(packet, referenceMs);
      }
    }
    packet.rewind();
    return true;
  }

  /** Whether there is a value for each change; asks for all that are missing. */
  private boolean allKnown(DataReader packet) {
    boolean known = true;
    changed.clear();
    packet.rewind();
    while (packet.next()) {
      if (packet.kind() == Kind.GAUGE && packet.isGaugeChange() && isKey(packet)) {
        Key key = key(packet);
        Level level = levels.follow(key);
        changed.put(key, level);
        known &= level.isKnown();
      }
    }
    return known;
  }

  private void note(DataReader packet, long referenceMs) {
    Key key = key(packet);
    boolean change = packet.isGaugeChange();
    Level level = change ? changed.get(key) : levels.followed(key);
    if (level == null) {
      return;
    }
    GaugeCell cell = (GaugeCell) packet.readCell();
    long timeMs = referenceMs + cell.lastTimeMs();
    if (change) {
      packet.settleGaugeChange(level.change(cell.last(), timeMs));
    } else {
      level.set(cell.last(), timeMs);
    }
    unwritten.add(key);
  }

  private static boolean isKey(DataReader packet) {
    return Key.fault(packet.keyBytes(), 0, packet.keyLength()) == null;
  }

  private static Key key(DataReader packet) {
    return Key.ofChecked(packet.keyBytes(), 0, packet.keyLength());
  }

  /** What was settled has happened. */
  void written() {
    unwritten.clear();
  }

  /** What was settled has not happened: its gauges are what they were before. */
  void undo() {
    unwritten.forEach(levels::forget);
    unwritten.clear();
  }
}
