package org.skymetrics.store.redis;

import java.util.Set;
import java.util.function.Supplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * A command to be sent, and the hash slot of its keys. It is made when it is sent, and each time
 * that it is.
 */
record Request(int slot, Supplier<CommandArguments> command) {
  /** Where commands without a key go, so that one server answers all of them: its clock is one. */
  private static final int KEYLESS = JedisClusterCRC16.getSlot(Keys.LAYOUT);

  static Request of(CommandArguments command) {
    Set<Integer> slots = command.getKeyHashSlots();
    return new Request(slots.isEmpty() ? KEYLESS : slots.iterator().next(), () -> command);
  }

  static Request bySha(ScriptCall call) {
    return new Request(slot(call), call::bySha);
  }

  static Request bySource(ScriptCall call) {
    return new Request(slot(call), call::bySource);
  }

  private static int slot(ScriptCall call) {
    return call.keys().isEmpty() ? KEYLESS : JedisClusterCRC16.getSlot(call.keys().get(0));
  }
}
