package org.skymetrics.store.riak.standin;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** Riak's counters and sets, as far as the recorded exchanges use them. */
final class DataTypes {
  private static final int COUNTER = 1;
  private static final int SET = 2;

  private final Marks marks;
  private final Map<String, Long> counters = new HashMap<>();
  private final Map<String, StoredSet> sets = new HashMap<>();

  private static final class StoredSet {
    final TreeSet<String> elements = new TreeSet<>();
    String actor = "";
    long additions;

    byte[] context() {
      ErlangTerm.Writer term = new ErlangTerm.Writer().list(1);
      return term.tuple(2).binary(actor).integer(additions).nil().toBytes();
    }
  }

  DataTypes(Marks marks) {
    this.marks = marks;
  }

  /** Carries out an update; the reply. */
  Message update(Message request) {
    String key = request.text(1) + "/" + request.text(2);
    Message operation = request.message(5);
    boolean returnBody = request.flag(9);
    Message reply = new Message();
    if (operation.has(COUNTER)) {
      long value = counters.merge(key, unzigzag(operation.message(COUNTER).number(1)), Long::sum);
      return returnBody ? reply.number(3, zigzag(value)) : reply;
    }
    StoredSet set = sets.computeIfAbsent(key, k -> new StoredSet());
    set.actor = set.actor.isEmpty() ? marks.firstActor() : set.actor;
    Message change = operation.message(SET);
    set.additions += change.all(1).size();
    change.all(1).forEach(element -> set.elements.add(Latin.text(element)));
    change.all(2).forEach(element -> set.elements.remove(Latin.text(element)));
    if (returnBody) {
      reply.bytes(2, set.context());
      set.elements.forEach(element -> reply.text(4, element));
    }
    return reply;
  }

  /** The reply to a fetch. */
  Message fetch(Message request) {
    String key = request.text(1) + "/" + request.text(2);
    if (request.text(3).equals("counters")) {
      Message value = new Message();
      if (counters.containsKey(key)) {
        value.number(1, zigzag(counters.get(key)));
      }
      return new Message().number(2, COUNTER).message(3, value);
    }
    Message value = new Message();
    Message reply = new Message().number(2, SET);
    StoredSet set = sets.get(key);
    if (set != null) {
      reply.bytes(1, set.context());
      set.elements.forEach(element -> value.text(2, element));
    }
    return reply.message(3, value);
  }

  private static long zigzag(long value) {
    return value << 1 ^ value >> 63;
  }

  private static long unzigzag(long value) {
    return value >>> 1 ^ -(value & 1);
  }
}
