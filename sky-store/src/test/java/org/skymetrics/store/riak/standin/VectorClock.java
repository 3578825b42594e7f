package org.skymetrics.store.riak.standin;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A vector clock in Riak's own form: how many writes of each actor are known, and when the last one
 * was. Immutable. Clients get it as the raw deflate of an Erlang term: {@code [{Actor, {Count,
 * Time}}]}, the time in seconds since the year 0.
 */
record VectorClock(List<Entry> entries) {
  static final VectorClock EMPTY = new VectorClock(List.of());

  private static final long YEAR_0_TO_1970 = 62_167_219_200L;

  /** One actor; a count of it is also the name ("dot") of that one write. */
  record Entry(String actor, long count, long timeS) {}

  VectorClock {
    entries = List.copyOf(entries);
  }

  long count(String actor) {
    return entries.stream()
        .filter(e -> e.actor().equals(actor))
        .mapToLong(Entry::count)
        .findFirst()
        .orElse(0);
  }

  /** Whether all that {@code other} knows is known here. */
  boolean descends(VectorClock other) {
    return other.entries.stream().allMatch(this::knows);
  }

  boolean knows(Entry dot) {
    return count(dot.actor()) >= dot.count();
  }

  /** One more write of an actor, which comes first then. */
  VectorClock increment(String actor, long unixTimeS) {
    List<Entry> next = new ArrayList<>();
    next.add(new Entry(actor, count(actor) + 1, unixTimeS + YEAR_0_TO_1970));
    entries.stream().filter(e -> !e.actor().equals(actor)).forEach(next::add);
    return new VectorClock(next);
  }

  /** The dot of the write that made this clock by {@link #increment}. */
  Entry dot() {
    return entries.get(0);
  }

  /** What either knows, in order of the actors. */
  VectorClock merge(VectorClock other) {
    List<Entry> all = new ArrayList<>(entries);
    all.removeIf(e -> other.count(e.actor()) > e.count());
    other.entries.stream().filter(e -> e.count() > count(e.actor())).forEach(all::add);
    all.sort(Comparator.comparing(Entry::actor));
    return new VectorClock(all);
  }

  byte[] encode() {
    ErlangTerm.Writer term = new ErlangTerm.Writer().list(entries.size());
    for (Entry entry : entries) {
      term.tuple(2).binary(entry.actor()).tuple(2).integer(entry.count()).integer(entry.timeS());
    }
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setInput(term.nil().toBytes());
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[512];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  /**
   * Reads what a client has sent; nothing is the empty clock.
   *
   * @throws IllegalArgumentException where it is no vector clock
   */
  static VectorClock decode(byte[] bytes) {
    if (bytes.length == 0) {
      return EMPTY;
    }
    try {
      ErlangTerm.Reader term = new ErlangTerm.Reader(inflate(bytes));
      List<Entry> entries = new ArrayList<>();
      for (int left = term.list(); left > 0; left--) {
        term.tuple(2);
        String actor = term.binary();
        term.tuple(2);
        entries.add(new Entry(actor, term.integer(), term.integer()));
      }
      return new VectorClock(entries);
    } catch (BufferUnderflowException | DataFormatException e) {
      throw new IllegalArgumentException("no vector clock", e);
    }
  }

  private static byte[] inflate(byte[] bytes) throws DataFormatException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(bytes);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[512];
      while (!inflater.finished()) {
        int n = inflater.inflate(buffer);
        if (n == 0 && inflater.needsInput()) {
          throw new DataFormatException("cut off");
        }
        out.write(buffer, 0, n);
      }
      return out.toByteArray();
    } finally {
      inflater.end();
    }
  }
}
