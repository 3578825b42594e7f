package org.skymetrics.store.redis;

import java.util.List;
import java.util.function.Supplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/**
 * A script with its keys, all of one hash slot, and its arguments, which are made when they are
 * sent: tens of thousands for a batch.
 */
record ScriptCall(Script script, List<byte[]> keys, Supplier<List<byte[]>> arguments) {
  /** By the name that Redis knows it under once it has run. */
  CommandArguments bySha() {
    return command(Protocol.Command.EVALSHA, script.sha1());
  }

  /** Whole. */
  CommandArguments bySource() {
    return command(Protocol.Command.EVAL, script.source());
  }

  private CommandArguments command(Protocol.Command command, String what) {
    CommandArguments call = new CommandArguments(command).add(what).add(keys.size());
    keys.forEach(call::key);
    arguments.get().forEach(call::add);
    return call;
  }
}
