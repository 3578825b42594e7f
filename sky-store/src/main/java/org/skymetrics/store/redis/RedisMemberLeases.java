package org.skymetrics.store.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.member.MemberLease;
import org.skymetrics.store.member.MemberLease.State;
import org.skymetrics.store.member.MemberLeases;

/**
 * The leases of the ring's members in one hash on Redis. Connects when first called. Ages are told
 * by Redis's clock alone.
 */
public final class RedisMemberLeases implements MemberLeases {
  /** A lease that can't be renewed within this is as good as not renewed. */
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(1);

  private final RedisLink link;
  private final RedisOptions options;
  private final StoreCounters counters;

  private RedisMemberLeases(RedisOptions options, StoreCounters counters) {
    this.options = options;
    this.counters = counters;
    this.link = new RedisLink(options, counters);
  }

  /** Leases on this Redis, over a connection of their own: a large put does not hold them up. */
  public static RedisMemberLeases lazily(RedisOptions options, StoreCounters counters) {
    return new RedisMemberLeases(
        options
            .withConnectTimeout(shorter(options.connectTimeout()))
            .withCallTimeout(shorter(options.callTimeout()))
            .withPoolSize(1),
        counters);
  }

  private static Duration shorter(Duration timeout) {
    return timeout.compareTo(CALL_TIMEOUT) < 0 ? timeout : CALL_TIMEOUT;
  }

  @Override
  public @Nullable MemberLease announce(
      Member member, String holder, State state, Duration length) {
    List<byte[]> arguments =
        List.of(
            Keys.utf8(member.name()),
            Keys.utf8(state.name().toLowerCase(Locale.ROOT)),
            Keys.utf8(holder),
            decimal(length.toMillis()),
            decimal(member.udpPort()),
            decimal(member.adminPort()),
            Keys.utf8(member.host()));
    List<?> other = run(Script.ANNOUNCE, arguments);
    if (other.isEmpty()) {
      return null;
    }
    MemberLease holding =
        lease(Long.parseLong(text(other.get(0))), member.name(), text(other.get(1)));
    if (holding == null) {
      throw new StoreException(
          Fault.FOREIGN_CONTENT,
          options + " has a lease in sky:members that can't be read: " + text(other.get(1)));
    }
    return holding;
  }

  @Override
  public void withdraw(String name, String holder) {
    Object unused = link.run(call(Script.WITHDRAW, List.of(Keys.utf8(name), Keys.utf8(holder))));
  }

  @Override
  public List<MemberLease> members() {
    List<?> reply = run(Script.MEMBERS, List.of());
    long nowMs = Long.parseLong(text(reply.get(0)));
    List<MemberLease> leases = new ArrayList<>();
    for (int i = 1; i + 1 < reply.size(); i += 2) {
      String name = text(reply.get(i));
      String value = text(reply.get(i + 1));
      MemberLease lease = lease(nowMs, name, value);
      if (lease == null || lease.age().compareTo(KEPT) > 0) {
        Object unused = link.run(call(Script.FORGET, List.of(Keys.utf8(name), Keys.utf8(value))));
      } else {
        leases.add(lease);
      }
    }
    leases.sort(Comparator.comparing(lease -> lease.member().name()));
    return leases;
  }

  /** A lease as it is stored; null where it can't be read, which is counted. */
  private @Nullable MemberLease lease(long nowMs, String name, String value) {
    String[] words = value.split(" ", 7);
    try {
      long renewedMs = Long.parseLong(words[1]);
      return new MemberLease(
          new Member(name, words[6], Integer.parseInt(words[4]), Integer.parseInt(words[5])),
          words[3],
          State.valueOf(words[0].toUpperCase(Locale.ROOT)),
          renewedMs,
          Duration.ofMillis(Math.max(0, nowMs - renewedMs)),
          Duration.ofMillis(Long.parseLong(words[2])));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      counters.increment(StoreCounter.DAMAGED_ENTRY);
      return null;
    }
  }

  private List<?> run(Script script, List<byte[]> arguments) {
    return (List<?>) link.run(call(script, arguments));
  }

  private static ScriptCall call(Script script, List<byte[]> arguments) {
    return new ScriptCall(script, List.of(Keys.MEMBERS), () -> arguments);
  }

  private static byte[] decimal(long number) {
    return Keys.utf8(Long.toString(number));
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }

  @Override
  public String describe() {
    return options.toString();
  }

  @Override
  public void close() {
    link.close();
  }
}
