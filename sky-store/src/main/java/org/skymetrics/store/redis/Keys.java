package org.skymetrics.store.redis;

import java.nio.charset.StandardCharsets;
import org.skymetrics.store.batch.ShardPeriod;

/** The names of the keys in Redis: all of a shard share a hash slot. */
final class Keys {
  static final byte[] LAYOUT = utf8("sky:layout");
  static final byte[] MEMBERS = utf8("sky:members");
  static final byte[] ANNOTATIONS = utf8("sky:annotations");

  private Keys() {}

  static byte[] mailbox(ShardPeriod place) {
    return ofPeriod(place, "mail");
  }

  static byte[] done(ShardPeriod place) {
    return ofPeriod(place, "done");
  }

  static byte[] count(ShardPeriod place) {
    return ofPeriod(place, "count");
  }

  static byte[] gauge(int shard) {
    return utf8("sky:{" + shard + "}:gauge");
  }

  static byte[] seen(int shard) {
    return utf8("sky:{" + shard + "}:seen");
  }

  static byte[] waiting(int shard) {
    return utf8("sky:{" + shard + "}:waiting");
  }

  static byte[] lease(String name) {
    return utf8("sky:lease:" + name);
  }

  private static byte[] ofPeriod(ShardPeriod place, String what) {
    return utf8("sky:{" + place.shard() + "}:" + what + ":" + place.startMs() / 1000);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
