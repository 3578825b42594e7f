package org.skymetrics.store.riak.standin;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Writes and reads the few kinds of Erlang's external terms that are in vector clocks. */
final class ErlangTerm {
  private static final int VERSION = 131;
  private static final int SMALL_INTEGER = 97;
  private static final int INTEGER = 98;
  private static final int SMALL_BIG = 110;
  private static final int SMALL_TUPLE = 104;
  private static final int NIL = 106;
  private static final int LIST = 108;
  private static final int BINARY = 109;

  private ErlangTerm() {}

  static final class Writer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Writer() {
      out.write(VERSION);
    }

    /** Begins a list, which {@link #nil} ends; an empty one is just that. */
    Writer list(int length) {
      if (length > 0) {
        out.write(LIST);
        int4(length);
      }
      return this;
    }

    Writer nil() {
      out.write(NIL);
      return this;
    }

    Writer tuple(int arity) {
      out.write(SMALL_TUPLE);
      out.write(arity);
      return this;
    }

    Writer binary(String bytes) {
      out.write(BINARY);
      int4(bytes.length());
      out.writeBytes(Latin.bytes(bytes));
      return this;
    }

    /** A number that is not negative. */
    Writer integer(long value) {
      if (value < 256) {
        out.write(SMALL_INTEGER);
        out.write((int) value);
      } else if (value <= Integer.MAX_VALUE) {
        out.write(INTEGER);
        int4((int) value);
      } else {
        int length = (64 - Long.numberOfLeadingZeros(value) + 7) / 8;
        out.write(SMALL_BIG);
        out.write(length);
        out.write(0);
        for (int i = 0; i < length; i++) {
          out.write((int) (value >>> 8 * i));
        }
      }
      return this;
    }

    byte[] toBytes() {
      return out.toByteArray();
    }

    private void int4(int value) {
      out.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
    }
  }

  static final class Reader {
    private final ByteBuffer in;

    Reader(byte[] bytes) {
      in = ByteBuffer.wrap(bytes);
      expect(VERSION);
    }

    /** The length of the list that begins here. */
    int list() {
      int kind = in.get(in.position());
      if (kind == NIL) {
        return 0;
      }
      expect(LIST);
      return in.getInt();
    }

    void tuple(int arity) {
      expect(SMALL_TUPLE);
      expect(arity);
    }

    String binary() {
      expect(BINARY);
      byte[] bytes = new byte[in.getInt()];
      in.get(bytes);
      return Latin.text(bytes);
    }

    long integer() {
      int kind = in.get() & 0xff;
      if (kind == SMALL_INTEGER) {
        return in.get() & 0xff;
      }
      if (kind == INTEGER) {
        return in.getInt();
      }
      if (kind != SMALL_BIG) {
        throw new IllegalArgumentException("no integer, but a term of kind " + kind);
      }
      int length = in.get();
      expect(0);
      long value = 0;
      for (int i = 0; i < length; i++) {
        value |= (in.get() & 0xffL) << 8 * i;
      }
      return value;
    }

    private void expect(int value) {
      int found = in.get() & 0xff;
      if (found != value) {
        throw new IllegalArgumentException("a term with " + found + " in place of " + value);
      }
    }
  }
}
