package org.skymetrics.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.skymetrics.common.key.KeyFault;

/**
 * The client's counts about itself. Any thread counts; the sender's thread alone logs, the first of
 * each kind that is worth a line, so that an application's thread does no I/O and its log no noise.
 */
final class Mishaps {
  private static final Set<ClientCounter> WORTH_A_LINE =
      EnumSet.of(
          ClientCounter.REFUSED_NO_KEY,
          ClientCounter.REFUSED_LONG_KEY,
          ClientCounter.REFUSED_CONTROL_CHARACTER,
          ClientCounter.REFUSED_EMPTY_SEGMENT,
          ClientCounter.REFUSED_NOT_UNICODE,
          ClientCounter.REFUSED_NOT_FINITE,
          ClientCounter.REFUSED_SCOPE,
          ClientCounter.OVER_LIMIT,
          ClientCounter.FOLDED_LATE,
          ClientCounter.PACKETS_AMBIGUOUS,
          ClientCounter.COUNTS_LEFT_AT_CLOSE,
          ClientCounter.PACKETS_LEFT_AT_CLOSE,
          ClientCounter.PACKETS_NOT_OPENED,
          ClientCounter.SEND_FAILURES,
          ClientCounter.UNKNOWN_HOST,
          ClientCounter.SERVER_SILENT);

  private final Map<ClientCounter, LongAdder> counts = new EnumMap<>(ClientCounter.class);
  private final Set<ClientCounter> logged = EnumSet.noneOf(ClientCounter.class);
  private final Logger logger = System.getLogger("org.skymetrics.client");

  Mishaps() {
    for (ClientCounter counter : ClientCounter.values()) {
      counts.put(counter, new LongAdder());
    }
  }

  void count(ClientCounter counter) {
    add(counter, 1);
  }

  void add(ClientCounter counter, long n) {
    adder(counter).add(n);
  }

  long get(ClientCounter counter) {
    return adder(counter).sum();
  }

  private LongAdder adder(ClientCounter counter) {
    LongAdder adder = counts.get(counter);
    if (adder == null) {
      throw new IllegalStateException("every counter has an adder");
    }
    return adder;
  }

  Map<ClientCounter, Long> all() {
    Map<ClientCounter, Long> all = new EnumMap<>(ClientCounter.class);
    counts.forEach((counter, adder) -> all.put(counter, adder.sum()));
    return all;
  }

  static ClientCounter of(KeyFault fault) {
    return switch (fault) {
      case EMPTY -> ClientCounter.REFUSED_NO_KEY;
      case TOO_LONG -> ClientCounter.REFUSED_LONG_KEY;
      case CONTROL_CHARACTER -> ClientCounter.REFUSED_CONTROL_CHARACTER;
      case EMPTY_SEGMENT -> ClientCounter.REFUSED_EMPTY_SEGMENT;
      case NOT_UTF8 -> ClientCounter.REFUSED_NOT_UNICODE;
    };
  }

  /** Logs each kind that has come up for the first time. The sender's thread calls it. */
  void logNew() {
    for (ClientCounter counter : WORTH_A_LINE) {
      if (get(counter) > 0 && logged.add(counter)) {
        logger.log(
            Level.WARNING, "Sky: {0} (said once; stats() goes on counting)", counter.description());
      }
    }
  }
}
