package org.skymetrics.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Asks for one total without a pause, and keeps every number that it was ever told. */
final class RestlessReader implements AutoCloseable {
  private final ConcurrentSkipListMap<Long, String> seen = new ConcurrentSkipListMap<>();
  private final ConcurrentLinkedQueue<String> fell = new ConcurrentLinkedQueue<>();
  private final AtomicLong answers = new AtomicLong();
  private final AtomicReference<String> http = new AtomicReference<>();
  private final String key;
  private final long from;
  private final Thread thread = new Thread(this::read, "restless-reader");
  private volatile boolean ended;
  private long last;

  RestlessReader(String http, String key, long from) {
    this.http.set(http);
    this.key = key;
    this.from = from;
    thread.start();
  }

  private void read() {
    while (!ended) {
      try {
        JsonNode answer = Asked.series(http.get(), key, from);
        // A partial answer says itself that it may lack something.
        if (answer.path("partial").isEmpty() && !answer.has("error")) {
          long total = Asked.total(answer);
          if (total < last) {
            fell.add("from " + last + " to " + answer);
          }
          last = total;
          seen.putIfAbsent(total, answer.toString());
          answers.incrementAndGet();
        }
      } catch (IOException e) {
        // It is being started again.
        Thread.onSpinWait();
      }
    }
  }

  void moveTo(String otherHttp) {
    http.set(otherHttp);
  }

  /** Waits until so many more answers were given. */
  void awaitMore(int count) {
    long wanted = answers.get() + count;
    Asked.until(count + " more answers", () -> answers.get() >= wanted);
  }

  /** Each number that it was told, with the first answer that told it. */
  ConcurrentSkipListMap<Long, String> seen() {
    return seen;
  }

  /** The answers that told less than the one before. */
  List<String> fell() {
    return List.copyOf(fell);
  }

  /** Ends; nothing more is seen. */
  void end() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end();
  }
}
