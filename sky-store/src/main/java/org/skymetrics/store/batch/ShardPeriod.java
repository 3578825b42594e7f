package org.skymetrics.store.batch;

/** What a mailbox or a block is for: a shard, and the start of a period in ms since 1970 UTC. */
public record ShardPeriod(int shard, long startMs) implements Comparable<ShardPeriod> {
  @Override
  public int compareTo(ShardPeriod other) {
    int order = Long.compare(startMs, other.startMs);
    return order != 0 ? order : Integer.compare(shard, other.shard);
  }
}
