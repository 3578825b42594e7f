package org.skymetrics.ui;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.seal.Secrets;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.period.Layout;
import org.skymetrics.ui.access.Passwords;
import org.skymetrics.ui.access.Tokens;
import org.skymetrics.ui.count.Reading;
import org.skymetrics.ui.members.NearMember;

/**
 * How the UI server runs.
 *
 * @param http the address to listen on; port 0 takes any that is free
 * @param members the servers of the ring, each asked at its host and admin port
 * @param near those of them that are in this process, by name: asked for batches without HTTP
 * @param secrets what members are shown a token of; null for none
 * @param layout of the period store
 * @param memberTimeout how long a member may take to answer before the answer goes without it
 * @param queryTimeout how long the stores may be read for one request
 * @param cacheBytes how much parsed history is kept
 * @param storeThreads how many requests read the stores at once
 * @param historyInterval how often the key lists of history are read again
 * @param seenInterval how often the period store's seen series are read again
 * @param keysInterval how often each member is asked for new keys
 * @param keysLive how long a key stays in the tree of keys after it was last seen
 * @param allowedHosts names besides localhost that the server answers to
 * @param passwords who may log in; null: all may use all
 * @param tokens what scripts may show in place of a login
 * @param trustedProxies whose X-Forwarded headers are believed, besides those of this machine
 * @param moreReadings counters of other parts in the same process, for /metrics and /api/status
 */
public record UiConfig(
    InetSocketAddress http,
    List<Member> members,
    Map<String, NearMember> near,
    @Nullable Supplier<Secrets> secrets,
    Layout layout,
    Duration memberTimeout,
    Duration queryTimeout,
    long cacheBytes,
    int storeThreads,
    Duration historyInterval,
    Duration seenInterval,
    Duration keysInterval,
    Duration keysLive,
    Set<String> allowedHosts,
    @Nullable Supplier<Passwords> passwords,
    Supplier<Tokens> tokens,
    Set<InetAddress> trustedProxies,
    Supplier<List<Reading>> moreReadings) {

  public UiConfig {
    List<String> faults = new ArrayList<>();
    requirePositive(faults, "memberTimeout", memberTimeout);
    requirePositive(faults, "queryTimeout", queryTimeout);
    requirePositive(faults, "historyInterval", historyInterval);
    requirePositive(faults, "seenInterval", seenInterval);
    requirePositive(faults, "keysInterval", keysInterval);
    requirePositive(faults, "keysLive", keysLive);
    if (cacheBytes < 0) {
      faults.add("cacheBytes is " + cacheBytes + "; it must be 0 or more");
    }
    if (storeThreads < 1) {
      faults.add("storeThreads is " + storeThreads + "; it must be 1 or more");
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    members = List.copyOf(members);
    near = Map.copyOf(near);
    trustedProxies = Set.copyOf(trustedProxies);
    allowedHosts =
        allowedHosts.stream()
            .map(host -> host.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  private static void requirePositive(List<String> faults, String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      faults.add(name + " is " + value + "; it must be more than 0");
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects settings; each has a default. */
  public static final class Builder {
    private InetSocketAddress http = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8180);
    private List<Member> members = List.of();
    private Map<String, NearMember> near = Map.of();
    private @Nullable Supplier<Secrets> secrets;
    private Layout layout = new Layout(Period.ONE_MINUTE, 16);
    private Duration memberTimeout = Duration.ofSeconds(1);
    private Duration queryTimeout = Duration.ofSeconds(30);
    private long cacheBytes = 64L << 20;
    private int storeThreads = 4;
    private Duration historyInterval = Duration.ofSeconds(30);
    private Duration seenInterval = Duration.ofSeconds(5);
    private Duration keysInterval = Duration.ofMillis(300);
    private Duration keysLive = Duration.ofDays(7);
    private Set<String> allowedHosts = Set.of();
    private @Nullable Supplier<Passwords> passwords;
    private Supplier<Tokens> tokens = () -> Tokens.NONE;
    private Set<InetAddress> trustedProxies = Set.of();
    private Supplier<List<Reading>> moreReadings = List::of;

    private Builder() {}

    public Builder http(InetSocketAddress address) {
      http = address;
      return this;
    }

    public Builder members(List<Member> ring) {
      members = ring;
      return this;
    }

    public Builder near(Map<String, NearMember> ofThisProcess) {
      near = ofThisProcess;
      return this;
    }

    public Builder secrets(@Nullable Supplier<Secrets> shared) {
      secrets = shared;
      return this;
    }

    public Builder layout(Layout ofTheStore) {
      layout = ofTheStore;
      return this;
    }

    public Builder memberTimeout(Duration timeout) {
      memberTimeout = timeout;
      return this;
    }

    public Builder queryTimeout(Duration timeout) {
      queryTimeout = timeout;
      return this;
    }

    public Builder cacheBytes(long bytes) {
      cacheBytes = bytes;
      return this;
    }

    public Builder storeThreads(int threads) {
      storeThreads = threads;
      return this;
    }

    public Builder historyInterval(Duration interval) {
      historyInterval = interval;
      return this;
    }

    public Builder seenInterval(Duration interval) {
      seenInterval = interval;
      return this;
    }

    public Builder keysInterval(Duration interval) {
      keysInterval = interval;
      return this;
    }

    public Builder keysLive(Duration time) {
      keysLive = time;
      return this;
    }

    public Builder allowedHosts(Set<String> names) {
      allowedHosts = names;
      return this;
    }

    public Builder passwords(@Nullable Supplier<Passwords> ofUsers) {
      passwords = ofUsers;
      return this;
    }

    public Builder tokens(Supplier<Tokens> ofScripts) {
      tokens = ofScripts;
      return this;
    }

    public Builder trustedProxies(Set<InetAddress> addresses) {
      trustedProxies = addresses;
      return this;
    }

    public Builder moreReadings(Supplier<List<Reading>> readings) {
      moreReadings = readings;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException naming all that is wrong
     */
    public UiConfig build() {
      return new UiConfig(
          http,
          members,
          near,
          secrets,
          layout,
          memberTimeout,
          queryTimeout,
          cacheBytes,
          storeThreads,
          historyInterval,
          seenInterval,
          keysInterval,
          keysLive,
          allowedHosts,
          passwords,
          tokens,
          trustedProxies,
          moreReadings);
    }
  }
}
