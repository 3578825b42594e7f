package org.skymetrics.server.statsd;

import org.jspecify.annotations.Nullable;

/**
 * Where the lines of a datagram go. All byte ranges lie in arrays of the parser and are good only
 * during the call.
 */
public interface TextSink {
  /**
   * Takes lines from {@code from} on, if they are of keys that the sink knows and so plain that it
   * can read them itself, as the parser would.
   *
   * @param to where the datagram ends
   * @return where the first line begins that was not taken, or {@code to}
   */
  default int takePlain(byte[] bytes, int from, int to) {
    return from;
  }

  /**
   * A line that follows the grammar is about to be applied; what is told of this key until the next
   * line is all of it. Since a line is applied whole or not at all, this is where a sink refuses.
   *
   * @param type {@code c}, {@code g}, {@code h} (all distributions) or {@code s}
   * @param relative whether any of its values changes a gauge
   * @param timeSeconds 0 where the line has no time of its own
   * @return why it is refused, or null
   */
  default @Nullable Refusal begin(
      byte[] key, int keyLength, char type, boolean relative, long timeSeconds) {
    return null;
  }

  /**
   * A counter grows by a whole number, exactly. {@code timeSeconds} is 0 where the line has no time
   * of its own.
   */
  void count(byte[] key, int keyLength, long n, long timeSeconds);

  /** A counter grows by a number that need not be whole: the value divided by the sample rate. */
  void count(byte[] key, int keyLength, double value, long timeSeconds);

  /** A gauge is set, or where {@code relative} changed by {@code value}. */
  void gauge(byte[] key, int keyLength, double value, boolean relative, long timeSeconds);

  /** A value of a distribution that stands for {@code weight} (at least 1) such values. */
  void sample(byte[] key, int keyLength, double value, double weight);

  /** A member of a set: the bytes of {@code line} from {@code from} to before {@code to}. */
  void member(byte[] key, int keyLength, byte[] line, int from, int to);

  /** An event; gives why it is refused, or null. */
  @Nullable Refusal event(TextEvent event);

  /** A service check; gives why it is refused, or null. */
  @Nullable Refusal serviceCheck(TextServiceCheck check);

  /** A line was refused; it had no effect. */
  void refused(Refusal reason, byte[] line, int from, int to);

  /** A line that was taken holds a field that this version does not know. */
  void unknownField();
}
