package org.skymetrics.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Period;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.PacketType;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.Series;

/**
 * What applications counted, and what the packets said that passed by: which of it servers
 * acknowledged, and so promised, and which of it was given up, by cause.
 *
 * <p>All values are eighths, so that sums of doubles are exact in any order.
 */
final class Truth {
  /** A series in a period. */
  record Slot(Series series, long periodMs) {}

  /** Where a packet stands. */
  record Place(long lane, long sequence) {}

  /** What a packet holds. */
  private record Sent(int contentHash, Map<Series, Long> amounts) {}

  /** A client's process from its start to its end. */
  static final class Session {
    final String name;
    final Map<Series, Cell> accepted = new TreeMap<>();
    final Map<Slot, Cell> bySlot = new HashMap<>();
    final Map<Series, Long> promised = new TreeMap<>();
    final Map<Series, Long> ambiguous = new TreeMap<>();

    /** What this client holds to be neither acknowledged nor given up. */
    final Map<Long, TreeMap<Long, Sent>> inFlight = new TreeMap<>();

    /** Whether it ended before all that it accepted was acknowledged. */
    boolean diedEarly;

    Session(String name) {
      this.name = name;
    }
  }

  final List<Session> sessions = new ArrayList<>();
  final Map<Series, Long> late = new TreeMap<>();
  final Map<Series, Long> perhapsLate = new TreeMap<>();

  /** What a disk held when it burnt. */
  final List<Batch> burnt = new ArrayList<>();

  private final Timeline timeline;
  private final Period period;
  private final Map<Long, Session> byLane = new HashMap<>();
  private final Map<Place, Sent> sent = new HashMap<>();
  private final Map<Long, TreeMap<Long, Sent>> notPromised = new HashMap<>();
  private final DataReader reader = new DataReader();

  Truth(Timeline timeline, Period period) {
    this.timeline = timeline;
    this.period = period;
  }

  Session begin(String name) {
    Session session = new Session(name);
    sessions.add(session);
    return session;
  }

  /** How much there is in a cell: eighths of a counter, members of a set, samples of the others. */
  static long amount(Cell cell) {
    return switch (cell.kind()) {
      case COUNTER -> {
        CounterCell counter = (CounterCell) cell;
        yield 8 * counter.sum() + Math.round(8 * counter.fraction());
      }
      case GAUGE -> ((GaugeCell) cell).count();
      case HISTOGRAM -> ((HistogramCell) cell).count();
      case SET -> ((SetCell) cell).estimate();
    };
  }

  /** A series and those of its parents, all of which a count goes into. */
  static List<Series> withParents(Series series) {
    List<Series> all = new ArrayList<>();
    all.add(series);
    series.key().parents().forEach(parent -> all.add(new Series(parent, series.kind())));
    return all;
  }

  /** Adds what is of a series to it and its parents. */
  static void addWithParents(Map<Series, Long> to, Map<Series, Long> amounts) {
    amounts.forEach(
        (series, amount) -> withParents(series).forEach(s -> to.merge(s, amount, Long::sum)));
  }

  void accept(Session session, Series series, Cell cell) {
    add(session.accepted, series, cell);
    long startMs = period.startOf(NodeClock.START_MS + timeline.nowNs() / 1_000_000);
    add(session.bySlot, new Slot(series, startMs), cell);
  }

  private static <K> void add(Map<K, Cell> to, K key, Cell cell) {
    to.computeIfAbsent(key, k -> cell.kind().newCell()).merge(cell);
  }

  /** A client sends a packet. What (lane, sequence) holds never changes. */
  void sends(Session session, byte[] packet) {
    if (Packet.type(packet, 0) != PacketType.DATA) {
      return;
    }
    if (reader.wrap(packet, 0, packet.length) != null || !reader.validate()) {
      throw timeline.fail(session.name + " sends a packet that is not good");
    }
    Place place = new Place(reader.lane(), reader.sequence());
    int from = reader.recordsOffset();
    int hash =
        Arrays.hashCode(Arrays.copyOfRange(reader.array(), from, from + reader.recordsLength()));
    Sent before = sent.get(place);
    if (before != null) {
      if (before.contentHash() != hash) {
        throw timeline.fail(session.name + " changed what " + place + " holds");
      }
      return;
    }
    timeline.trace(session.name + " begins to send", place.lane(), place.sequence());
    Sent now = new Sent(hash, read());
    sent.put(place, now);
    byLane.put(place.lane(), session);
    session.inFlight.computeIfAbsent(place.lane(), l -> new TreeMap<>()).put(place.sequence(), now);
    notPromised.computeIfAbsent(place.lane(), l -> new TreeMap<>()).put(place.sequence(), now);
  }

  private Map<Series, Long> read() {
    Map<Series, Long> amounts = new TreeMap<>();
    reader.rewind();
    while (reader.next()) {
      Cell cell = reader.readCell();
      Key key = Key.ofChecked(reader.keyBytes(), 0, reader.keyLength());
      amounts.merge(new Series(key, cell.kind()), amount(cell), Long::sum);
    }
    return amounts;
  }

  /** A server says what it has: from now on it must be in history at the end. */
  void promises(byte[] packet) {
    if (!(Packet.read(packet, 0, packet.length) instanceof Ack ack)) {
      return;
    }
    TreeMap<Long, Sent> open = notPromised.get(ack.lane());
    Session session = byLane.get(ack.lane());
    if (open != null && session != null) {
      open.entrySet()
          .removeIf(
              entry -> {
                boolean covered = ack.covers(entry.getKey());
                if (covered) {
                  entry
                      .getValue()
                      .amounts()
                      .forEach((s, n) -> session.promised.merge(s, n, Long::sum));
                }
                return covered;
              });
    }
  }

  /** A client has taken note of an acknowledgement. */
  void takesAck(Session session, Ack ack) {
    TreeMap<Long, Sent> open = session.inFlight.get(ack.lane());
    if (open != null) {
      open.keySet().removeIf(ack::covers);
      if (ack.isFinal()) {
        session.inFlight.remove(ack.lane());
      }
    }
  }

  /** A client goes on with another lane; what was in flight on this one it sends anew. */
  void renumbers(Session session, long lane) {
    session.inFlight.remove(lane);
  }

  /** A client gives up what was in flight on a lane; gives how many packets that were. */
  int givesUp(Session session, long lane) {
    TreeMap<Long, Sent> open = session.inFlight.remove(lane);
    if (open == null) {
      return 0;
    }
    open.values()
        .forEach(s -> s.amounts().forEach((k, n) -> session.ambiguous.merge(k, n, Long::sum)));
    return open.size();
  }

  /** A server found that a packet is late, or may have when it died. */
  void isLate(byte[] packet, Map<Series, Long> which) {
    if (Packet.type(packet, 0) == PacketType.DATA
        && reader.wrap(packet, 0, packet.length) == null) {
      Sent content = sent.get(new Place(reader.lane(), reader.sequence()));
      if (content != null) {
        content.amounts().forEach((series, n) -> which.merge(series, n, Long::sum));
      }
    }
  }

  /** All series that may be in history. */
  List<Series> allSeries() {
    TreeMap<Series, Boolean> all = new TreeMap<>();
    for (Session session : sessions) {
      session.accepted.keySet().forEach(s -> withParents(s).forEach(p -> all.put(p, true)));
    }
    return List.copyOf(all.keySet());
  }

  /** How much was accepted, for each series and its parents. */
  Map<Series, Long> accepted() {
    Map<Series, Long> all = new TreeMap<>();
    for (Session session : sessions) {
      Map<Series, Long> amounts = new TreeMap<>();
      session.accepted.forEach((series, cell) -> amounts.put(series, amount(cell)));
      addWithParents(all, amounts);
    }
    return all;
  }

  /** How much servers have promised so far. */
  Map<Series, Long> promised() {
    Map<Series, Long> all = new TreeMap<>();
    sessions.forEach(session -> addWithParents(all, session.promised));
    return all;
  }
}
