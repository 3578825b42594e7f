package org.skymetrics.server.count;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.skymetrics.common.time.Clock;

/**
 * Who harms others, or would if it were let: by what it does, and by name. The hundred that did so
 * last are kept. Safe from any thread.
 */
public final class Offenders {
  static final int MAX = 100;
  static final int MAX_KEYS = 10;

  /** What holds the keys past the ten that an offender used first. */
  private static final String OTHERS = "";

  /** What they do. */
  public enum Offence {
    /** Names new keys past the key limit, or its own. */
    NEW_KEYS,
    /** Sends more packets a second than it may. */
    OVER_RATE,
    /** Sends data packets whose records don't follow their layout. */
    MALFORMED,
    /** Sends lines of text that are refused. */
    BAD_LINES;

    /** The name in JSON: {@code new_keys}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One of them.
   *
   * @param who a session, {@code session} and 16 hex digits, or the address of a sender of text
   * @param times how many records, packets or lines
   * @param keys how many of them by the first segment of their keys, where there are keys: of the
   *     ten first ones, and under the empty name those of all others
   */
  public record Offender(
      Offence offence, String who, long times, long firstMs, long lastMs, Map<String, Long> keys) {
    public Offender {
      keys = Map.copyOf(keys);
    }
  }

  private record Name(Offence offence, String who) {}

  private static final class Deeds {
    private final Map<String, Long> keys = new TreeMap<>();
    private final long firstMs;
    private long lastMs;
    private long times;

    Deeds(long firstMs) {
      this.firstMs = firstMs;
    }

    void count(String segment) {
      boolean room = keys.size() < MAX_KEYS || keys.containsKey(segment);
      keys.merge(room ? segment : OTHERS, 1L, Long::sum);
    }
  }

  private final Clock clock;

  /** Those that offended longest ago first. */
  private final LinkedHashMap<Name, Deeds> records = new LinkedHashMap<>(16, 0.75f, true);

  private long lastSession;
  private String lastSessionsName = nameOf(0);

  public Offenders(Clock clock) {
    this.clock = clock;
  }

  /** How a session is named here. */
  public static String nameOf(long session) {
    return "session " + HexFormat.of().toHexDigits(session);
  }

  /** A session's record was of a new key past a limit. */
  public synchronized void newKey(long session, byte[] key, int length) {
    int end = 0;
    while (end < length && key[end] != '|' && key[end] != '>') {
      end++;
    }
    add(Offence.NEW_KEYS, name(session)).count(new String(key, 0, end, StandardCharsets.UTF_8));
  }

  /** A session did something else. */
  public synchronized void add(Offence offence, long session) {
    add(offence, name(session));
  }

  /** A sender of text had a line refused. */
  public synchronized void badLine(String sender) {
    add(Offence.BAD_LINES, sender);
  }

  private String name(long session) {
    if (session != lastSession) {
      lastSession = session;
      lastSessionsName = nameOf(session);
    }
    return lastSessionsName;
  }

  private Deeds add(Offence offence, String who) {
    long now = clock.wallMs();
    Deeds deeds = records.computeIfAbsent(new Name(offence, who), name -> new Deeds(now));
    deeds.times++;
    deeds.lastMs = now;
    if (records.size() > MAX) {
      records.remove(records.keySet().iterator().next());
    }
    return deeds;
  }

  /** All of them, who offended last first. */
  public synchronized List<Offender> list() {
    List<Offender> all = new ArrayList<>(records.size());
    records.forEach(
        (name, d) ->
            all.add(
                0, new Offender(name.offence(), name.who(), d.times, d.firstMs, d.lastMs, d.keys)));
    return all;
  }
}
