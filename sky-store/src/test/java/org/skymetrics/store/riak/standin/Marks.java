package org.skymetrics.store.riak.standin;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** What a node makes up by itself when it writes: actors, tags, keys and the time. */
interface Marks {
  /** The actor of the first write of a key: the vnode's name and a number of its own, 12 bytes. */
  String firstActor();

  /** The actor of a later write: a vnode's name, 8 bytes. */
  String actor();

  /** The tag of a value, 22 letters and digits. */
  String tag();

  /** A key for a value that was put without one. */
  String key();

  Instant now();

  /** Marks that differ from each other, and are the same in every run but for the time. */
  static Marks counted() {
    return new Marks() {
      private static final int VNODES = 3;
      private final AtomicInteger counter = new AtomicInteger();

      @Override
      public String firstActor() {
        int n = counter.incrementAndGet();
        return vnode(n) + Latin.text(ByteBuffer.allocate(4).putInt(n).array());
      }

      @Override
      public String actor() {
        return vnode(counter.incrementAndGet());
      }

      private String vnode(int n) {
        return Latin.text(ByteBuffer.allocate(8).putLong(0x2309fef9de770000L + n % VNODES).array());
      }

      @Override
      public String tag() {
        return String.format("%022d", counter.incrementAndGet());
      }

      @Override
      public String key() {
        return String.format("%027d", counter.incrementAndGet());
      }

      @Override
      public Instant now() {
        return Instant.now();
      }
    };
  }
}
