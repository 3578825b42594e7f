package org.skymetrics.store.riak.standin;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node answers to a request: frames in, frames out, no sockets. */
final class Answers {
  /** The largest value that Riak takes. */
  static final int MAX_VALUE_BYTES = 50 * 1024 * 1024;

  private static final int REPLICAS = 3;
  private static final long LARGEST_NUMBER_OF_REPLICAS = 0xffff_fff0L;
  private static final int ERROR = 0;

  private final Memory memory;

  Answers(Memory memory) {
    this.memory = memory;
  }

  /** Ends in an error reply. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String text) {
      super(text);
    }
  }

  /** The frames that answer a request; most have one, streams have more. */
  List<byte[]> to(@Nullable Request request, byte[] body) {
    if (request == null) {
      return List.of(error("Unknown message code."));
    }
    try {
      synchronized (memory) {
        List<byte[]> frames = new ArrayList<>();
        for (Message reply : replies(request, Message.parse(body))) {
          frames.add(frame(request.replyCode(), reply));
        }
        return frames;
      }
    } catch (Refused e) {
      return List.of(error(String.valueOf(e.getMessage())));
    } catch (IllegalArgumentException e) {
      return List.of(error("{badarg," + e.getMessage() + "}"));
    }
  }

  static byte[] error(String text) {
    return frame(ERROR, new Message().text(1, text).number(2, 0));
  }

  private static byte[] frame(int code, Message message) {
    byte[] body = message.toBytes();
    ByteBuffer frame = ByteBuffer.allocate(5 + body.length);
    return frame.putInt(1 + body.length).put((byte) code).put(body).array();
  }

  private List<Message> replies(Request request, Message in) {
    return switch (request) {
      case PING -> List.of(new Message());
      case SERVER_INFO ->
          List.of(new Message().text(1, "standin@127.0.0.1").text(2, "riak_kv stand-in"));
      case GET -> List.of(get(in, bucket(in, 13, 1)));
      case PUT -> List.of(put(in, bucket(in, 16, 1)));
      case DELETE -> List.of(delete(in, bucket(in, 13, 1)));
      case LIST_KEYS -> listKeys(bucket(in, 3, 1));
      case GET_BUCKET -> List.of(new Message().message(1, properties(bucket(in, 2, 1))));
      case SET_BUCKET -> List.of(setProperties(in, bucket(in, 3, 1)));
      case INDEX -> index(in, bucket(in, 12, 1));
      case FETCH_DATA_TYPE -> List.of(memory.dataTypes.fetch(in));
      case UPDATE_DATA_TYPE -> List.of(memory.dataTypes.update(in));
    };
  }

  private Bucket bucket(Message in, int typeField, int nameField) {
    if (in.bytes(nameField).length == 0) {
      throw new Refused("Bucket cannot be zero-length");
    }
    Bucket bucket = memory.bucket(in.text(typeField), in.text(nameField));
    if (bucket == null) {
      throw new Refused("no_type");
    }
    return bucket;
  }

  private static Message get(Message in, Bucket bucket) {
    requireQuorums(in, 3, 4);
    Stored stored = bucket.get(in.text(2));
    if (stored == null) {
      return new Message();
    }
    if (stored.isDeleted()) {
      boolean wanted = in.flag(9);
      return wanted ? new Message().bytes(2, stored.clock().encode()) : new Message();
    }
    if (in.has(7) && VectorClock.decode(in.bytes(7)).equals(stored.clock())) {
      return new Message().flag(3, true);
    }
    return contents(stored, !in.flag(8));
  }

  private static Message contents(Stored stored, boolean withValues) {
    Message reply = new Message();
    stored.contents().forEach(content -> reply.message(1, content.toMessage(withValues)));
    return reply.bytes(2, stored.clock().encode());
  }

  private Message put(Message in, Bucket bucket) {
    requireQuorums(in, 5, 6, 8);
    Message content = in.message(4);
    if (content.bytes(1).length > MAX_VALUE_BYTES) {
      throw new Refused("{too_large," + content.bytes(1).length + "}");
    }
    boolean keyGiven = in.has(2);
    String key = keyGiven ? in.text(2) : memory.marks.key();
    VectorClock seen = VectorClock.decode(in.bytes(3));
    Stored before = bucket.get(key);
    boolean exists = before != null && !before.isDeleted();
    if (in.flag(10) && exists) {
      throw new Refused("match_found");
    }
    if (in.flag(9) && !exists) {
      throw new Refused("notfound");
    }
    if (in.flag(9) && !seen.equals(before.clock())) {
      throw new Refused("modified");
    }
    Stored after = bucket.put(key, content, seen, false);
    boolean returnBody = in.flag(7) || in.flag(11);
    Message reply = returnBody ? contents(after, !in.flag(11)) : new Message();
    return keyGiven ? reply : reply.text(3, key);
  }

  private static Message delete(Message in, Bucket bucket) {
    requireQuorums(in, 3, 5, 6, 7, 8, 9);
    String key = in.text(2);
    Stored before = bucket.get(key);
    if (in.has(4)) {
      bucket.delete(key, VectorClock.decode(in.bytes(4)));
    } else if (before != null && !before.isDeleted()) {
      bucket.delete(key, before.clock());
    }
    return new Message();
  }

  /** Quorums are a number of replicas, or one of the words at the far end of the numbers. */
  private static void requireQuorums(Message in, int... fields) {
    for (int field : fields) {
      long n = in.number(field);
      if (n > REPLICAS && n < LARGEST_NUMBER_OF_REPLICAS) {
        throw new Refused("{n_val_violation," + REPLICAS + "}");
      }
    }
  }

  private static List<Message> listKeys(Bucket bucket) {
    Message keys = new Message();
    bucket.keys().forEach(key -> keys.text(1, key));
    return List.of(keys, new Message().flag(2, true));
  }

  private static Message setProperties(Message in, Bucket bucket) {
    Message properties = in.message(2);
    if (properties.has(2)) {
      bucket.allowMult(properties.flag(2));
    }
    if (properties.has(3)) {
      bucket.lastWriteWins(properties.flag(3));
    }
    return new Message();
  }

  private static Message properties(Bucket bucket) {
    long quorum = 0xffff_fffdL;
    return new Message()
        .number(1, REPLICAS)
        .flag(2, bucket.allowMult())
        .flag(3, bucket.lastWriteWins())
        .flag(5, true)
        .flag(7, true)
        .message(8, function("riak_core_util", "chash_std_keyfun"))
        .message(9, function("riak_kv_wm_link_walker", "mapreduce_linkfun"))
        .number(10, 86_400)
        .number(11, 20)
        .number(12, 50)
        .number(13, 50)
        .number(14, 0)
        .number(15, quorum)
        .number(16, quorum)
        .number(17, 0)
        .number(18, quorum)
        .number(19, quorum)
        .flag(20, false)
        .flag(21, true)
        .flag(28, false);
  }

  private static Message function(String module, String name) {
    return new Message().text(1, module).text(2, name);
  }

  private static List<Message> index(Message in, Bucket bucket) {
    boolean isRange = in.number(3) == 1;
    String low = in.text(isRange ? 5 : 4);
    String high = in.text(isRange ? 6 : 4);
    Message found = new Message();
    for (String key : bucket.keys()) {
      Stored stored = bucket.get(key);
      if (stored == null) {
        continue;
      }
      for (Content content : stored.contents()) {
        for (Message pair : content.indexes()) {
          if (pair.text(1).equals(in.text(2)) && isBetween(pair, low, high)) {
            if (in.flag(7)) {
              found.message(2, new Message().bytes(1, pair.bytes(2)).text(2, key));
            } else {
              found.text(1, key);
            }
          }
        }
      }
    }
    return List.of(found, new Message().flag(4, true));
  }

  private static boolean isBetween(Message pair, String low, String high) {
    String value = pair.text(2);
    if (pair.text(1).endsWith("_int")) {
      long n = Long.parseLong(value);
      return Long.parseLong(low) <= n && n <= Long.parseLong(high);
    }
    return low.compareTo(value) <= 0 && value.compareTo(high) <= 0;
  }
}
