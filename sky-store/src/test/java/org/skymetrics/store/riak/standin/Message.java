package org.skymetrics.store.riak.standin;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A protocol-buffers message: values by field number, written in the order of the numbers. */
final class Message {
  private final TreeMap<Integer, List<Object>> fields = new TreeMap<>();

  /**
   * Takes a message apart.
   *
   * @throws IllegalArgumentException where it is not one
   */
  static Message parse(byte[] bytes) {
    Message message = new Message();
    int[] at = {0};
    while (at[0] < bytes.length) {
      long tag = varint(bytes, at);
      int field = (int) (tag >>> 3);
      if ((tag & 7) == 0) {
        message.number(field, varint(bytes, at));
      } else if ((tag & 7) == 2) {
        long length = varint(bytes, at);
        if (length < 0 || length > bytes.length - at[0]) {
          throw new IllegalArgumentException("field " + field + " does not fit");
        }
        byte[] value = new byte[(int) length];
        System.arraycopy(bytes, at[0], value, 0, value.length);
        at[0] += value.length;
        message.bytes(field, value);
      } else {
        throw new IllegalArgumentException("field " + field + " is of no known type");
      }
    }
    return message;
  }

  private static long varint(byte[] bytes, int[] at) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at[0] == bytes.length) {
        throw new IllegalArgumentException("a number is cut off");
      }
      byte b = bytes[at[0]++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number has no end");
  }

  Message bytes(int field, byte[] value) {
    fields.computeIfAbsent(field, f -> new ArrayList<>()).add(value);
    return this;
  }

  Message text(int field, String value) {
    return bytes(field, Latin.bytes(value));
  }

  Message message(int field, Message value) {
    return bytes(field, value.toBytes());
  }

  Message number(int field, long value) {
    fields.computeIfAbsent(field, f -> new ArrayList<>()).add(value);
    return this;
  }

  Message flag(int field, boolean value) {
    return number(field, value ? 1 : 0);
  }

  /** Takes over all values of a field. */
  Message copy(int field, Message from) {
    from.fields
        .getOrDefault(field, List.of())
        .forEach(v -> fields.computeIfAbsent(field, f -> new ArrayList<>()).add(v));
    return this;
  }

  boolean has(int field) {
    return fields.containsKey(field);
  }

  boolean flag(int field) {
    return number(field) == 1;
  }

  /** The number in a field, 0 where it is not there. */
  long number(int field) {
    return last(field) instanceof Long n ? n : 0;
  }

  /** The bytes in a field, none where it is not there. */
  byte[] bytes(int field) {
    return last(field) instanceof byte[] b ? b : new byte[0];
  }

  String text(int field) {
    return Latin.text(bytes(field));
  }

  Message message(int field) {
    return parse(bytes(field));
  }

  /** All messages in a field. */
  List<Message> messages(int field) {
    return all(field).stream().map(Message::parse).toList();
  }

  /** All values of a field. */
  List<byte[]> all(int field) {
    return fields.getOrDefault(field, List.of()).stream().map(v -> (byte[]) v).toList();
  }

  private @Nullable Object last(int field) {
    List<Object> values = fields.get(field);
    return values == null ? null : values.get(values.size() - 1);
  }

  byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    fields.forEach(
        (field, values) -> {
          for (Object value : values) {
            if (value instanceof byte[] bytes) {
              varint(out, (long) field << 3 | 2);
              varint(out, bytes.length);
              out.writeBytes(bytes);
            } else {
              varint(out, (long) field << 3);
              varint(out, (long) value);
            }
          }
        });
    return out.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    while ((value & ~0x7fL) != 0) {
      out.write((int) (value & 0x7f | 0x80));
      value >>>= 7;
    }
    out.write((int) value);
  }
}
