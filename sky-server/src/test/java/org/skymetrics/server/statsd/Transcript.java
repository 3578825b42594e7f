package org.skymetrics.server.statsd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sink that writes down what it is told, a word a call. */
final class Transcript implements TextSink {
  final List<String> said = new ArrayList<>();

  static List<String> of(Dialect dialect, String datagram) {
    return of(dialect, datagram.getBytes(UTF_8));
  }

  static List<String> of(Dialect dialect, byte[] datagram) {
    Transcript transcript = new Transcript();
    new TextParser(dialect, transcript).parse(datagram, 0, datagram.length);
    return transcript.said;
  }

  @Override
  public void count(byte[] key, int keyLength, long n, long timeSeconds) {
    said.add(text(key, 0, keyLength) + "+=" + n + at(timeSeconds));
  }

  @Override
  public void count(byte[] key, int keyLength, double value, long timeSeconds) {
    said.add(text(key, 0, keyLength) + "+=" + number(value) + at(timeSeconds));
  }

  @Override
  public void gauge(byte[] key, int keyLength, double value, boolean relative, long timeSeconds) {
    said.add(text(key, 0, keyLength) + (relative ? "~=" : ":=") + number(value) + at(timeSeconds));
  }

  @Override
  public void sample(byte[] key, int keyLength, double value, double weight) {
    said.add(
        text(key, 0, keyLength) + "<-" + number(value) + (weight == 1 ? "" : "*" + number(weight)));
  }

  @Override
  public void member(byte[] key, int keyLength, byte[] line, int from, int to) {
    said.add(text(key, 0, keyLength) + " has " + text(line, from, to));
  }

  @Override
  public @Nullable Refusal event(TextEvent event) {
    said.add(event.toString());
    return null;
  }

  @Override
  public @Nullable Refusal serviceCheck(TextServiceCheck check) {
    said.add(check.toString());
    return null;
  }

  @Override
  public void refused(Refusal reason, byte[] line, int from, int to) {
    said.add("refused " + reason);
  }

  @Override
  public void unknownField() {
    said.add("unknown field");
  }

  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static String at(long timeSeconds) {
    return timeSeconds == 0 ? "" : "@" + timeSeconds;
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, UTF_8);
  }
}
