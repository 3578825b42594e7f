package org.skymetrics.store.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.annotation.AnnotationId;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.EntryReader;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.period.Posting;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * The period store on Redis, for any number of processes and machines. A put is one script: Redis
 * runs it whole or not at all, and a second time it changes nothing.
 *
 * <p>The layout is compared when Redis is first reached, after each broken connection, and before
 * each put: a Redis that was wiped gets it again before it gets batches.
 */
public final class RedisPeriodStore implements PeriodStore {
  /** The version of the table of keys in docs/storage.md. */
  private static final String STORE_VERSION = "1";

  private static final long NEVER = -1;

  /** Redis reads at most a million arguments of one call (1,048,576 before version 7). */
  private static final int MAX_SERIES_OF_A_BATCH = 500_000;

  private static final int SERIES_AT_ONCE = 200_000;

  private final RedisLink link;
  private final RedisOptions options;
  private final Layout layout;
  private final Duration retention;
  private final StoreCounters counters;
  private final EntryReader entries;
  private volatile long layoutCheckedAfterLosses = NEVER;

  private RedisPeriodStore(
      RedisOptions options, Layout layout, Duration lateHorizon, StoreCounters counters) {
    this.link = new RedisLink(options, counters);
    this.options = options;
    this.layout = layout;
    this.retention = PeriodStore.retention(lateHorizon);
    this.counters = counters;
    this.entries = new EntryReader(counters);
  }

  /** {@link #connect(RedisOptions, Layout, StoreCounters)} with counters of its own. */
  public static RedisPeriodStore connect(RedisOptions options, Layout layout) {
    return connect(options, layout, new StoreCounters());
  }

  /**
   * Reaches a Redis and compares its layout, or writes it where there is none.
   *
   * @throws StoreException with a sentence: not reached, not allowed, made with another layout
   */
  public static RedisPeriodStore connect(
      RedisOptions options, Layout layout, StoreCounters counters) {
    RedisPeriodStore store = lazily(options, layout, LATE_HORIZON, counters);
    try {
      store.checkLayout();
      return store;
    } catch (StoreException e) {
      store.close();
      throw e;
    }
  }

  /**
   * A store that reaches its Redis when it is first asked for something. Until Redis is there, each
   * call throws what {@link #connect} would.
   *
   * @param lateHorizon how old a count may be; what is kept for late ones is kept as long
   */
  public static RedisPeriodStore lazily(
      RedisOptions options, Layout layout, Duration lateHorizon, StoreCounters counters) {
    return new RedisPeriodStore(options, layout, lateHorizon, counters);
  }

  private RedisLink ready() {
    if (layoutCheckedAfterLosses != link.losses()) {
      checkLayout();
    }
    return link;
  }

  private void checkLayout() {
    long losses = link.losses();
    List<?> found =
        (List<?>)
            link.run(
                new ScriptCall(
                    Script.LAYOUT,
                    List.of(Keys.LAYOUT),
                    () ->
                        List.of(
                            decimal(layout.period().lengthMs()),
                            decimal(layout.shards()),
                            Keys.utf8(STORE_VERSION))));
    layout.requireSame(stored(found), "the period store in " + options);
    layoutCheckedAfterLosses = losses;
  }

  private Layout stored(List<?> found) {
    if (!STORE_VERSION.equals(text(found.get(2)))) {
      throw foreignLayout(found);
    }
    try {
      return new Layout(
          Period.ofMs(Long.parseLong(text(found.get(0)))), Integer.parseInt(text(found.get(1))));
    } catch (IllegalArgumentException e) {
      // The sentence shows the values: there is no more to say.
      throw foreignLayout(found);
    }
  }

  private StoreException foreignLayout(List<?> found) {
    String what = text(found.get(0)) + ", " + text(found.get(1)) + ", " + text(found.get(2));
    return new StoreException(
        Fault.FOREIGN_CONTENT,
        options
            + " has a key sky:layout that this Sky did not write (period, shards, store: "
            + what
            + ")");
  }

  @Override
  public Layout layout() {
    return layout;
  }

  /** What this store swallowed, by cause. */
  public StoreCounters storeCounters() {
    return counters;
  }

  @Override
  public List<PutOutcome> put(List<Batch> batches) {
    if (batches.isEmpty()) {
      return List.of();
    }
    checkLayout();
    List<PutOutcome> outcomes = new ArrayList<>(batches.size());
    List<ScriptCall> calls = new ArrayList<>();
    int series = 0;
    for (Batch batch : batches) {
      if (!calls.isEmpty() && series + batch.size() > SERIES_AT_ONCE) {
        put(calls, outcomes);
        calls.clear();
        series = 0;
      }
      calls.add(putCall(batch));
      series += batch.size();
    }
    put(calls, outcomes);
    return outcomes;
  }

  private ScriptCall putCall(Batch batch) {
    if (batch.size() > MAX_SERIES_OF_A_BATCH) {
      throw new IllegalArgumentException(
          batch + " has " + batch.size() + " series, Redis takes " + MAX_SERIES_OF_A_BATCH);
    }
    Posting posting = Posting.of(batch, layout);
    ShardPeriod place = batch.place();
    List<byte[]> keys =
        List.of(
            Keys.mailbox(place),
            Keys.done(place),
            Keys.count(place),
            Keys.gauge(place.shard()),
            Keys.seen(place.shard()),
            Keys.waiting(place.shard()));
    return new ScriptCall(Script.PUT, keys, () -> PutArguments.of(posting, retention));
  }

  private void put(List<ScriptCall> calls, List<PutOutcome> outcomes) {
    for (Object reply : link.run(calls)) {
      List<?> numbers = (List<?>) reply;
      boolean taken = number(numbers.get(0)) == 1;
      outcomes.add(taken ? PutOutcome.TAKEN : PutOutcome.KNOWN);
      if (!taken) {
        counters.increment(StoreCounter.KNOWN_BATCH);
      }
      counters.add(StoreCounter.REFUSED_INCREMENT, number(numbers.get(1)));
      counters.add(StoreCounter.LATE_GAUGE, number(numbers.get(2)));
    }
  }

  @Override
  public Map<BatchName, BatchState> states(ShardPeriod place, Collection<BatchName> names) {
    TreeMap<BatchName, BatchState> states = new TreeMap<>();
    if (names.isEmpty()) {
      return states;
    }
    List<BatchName> asked = List.copyOf(names);
    List<byte[]> keys = List.of(Keys.mailbox(place), Keys.done(place));
    List<?> found = (List<?>) ready().run(new ScriptCall(Script.STATES, keys, () -> texts(asked)));
    for (int i = 0; i < asked.size(); i++) {
      states.put(asked.get(i), state(number(found.get(i))));
    }
    return states;
  }

  private static BatchState state(long reply) {
    return reply == 2 ? BatchState.DONE : reply == 1 ? BatchState.WAITING : BatchState.ABSENT;
  }

  @Override
  public SortedSet<ShardPeriod> waiting() {
    List<CommandArguments> commands = new ArrayList<>();
    for (int shard = 0; shard < layout.shards(); shard++) {
      commands.add(command(Command.ZRANGE, Keys.waiting(shard)).add(0).add(-1));
    }
    TreeSet<ShardPeriod> waiting = new TreeSet<>();
    List<Object> replies = ready().call(commands);
    for (int shard = 0; shard < replies.size(); shard++) {
      for (Object period : (List<?>) replies.get(shard)) {
        Long seconds = decimal(text(period));
        if (seconds != null) {
          waiting.add(new ShardPeriod(shard, seconds * 1000));
        }
      }
    }
    return waiting;
  }

  @Override
  public List<Batch> mailbox(ShardPeriod place) {
    TreeMap<BatchName, Batch> batches = new TreeMap<>();
    forEachPair(
        ready().call(command(Command.HGETALL, Keys.mailbox(place))),
        (name, bytes) -> {
          Batch batch = entries.batch(place, text(name), bytes);
          if (batch != null) {
            batches.put(batch.name(), batch);
          }
        });
    return List.copyOf(batches.values());
  }

  @Override
  public void done(ShardPeriod place, Collection<BatchName> names) {
    if (names.isEmpty()) {
      return;
    }
    List<byte[]> arguments = new ArrayList<>(names.size() + 2);
    arguments.add(decimal(place.startMs() / 1000));
    arguments.add(decimal(retention.toSeconds()));
    arguments.addAll(texts(names));
    List<byte[]> keys = List.of(Keys.mailbox(place), Keys.done(place), Keys.waiting(place.shard()));
    ready().run(new ScriptCall(Script.DONE, keys, () -> arguments));
  }

  @Override
  public Map<Key, Long> counters(ShardPeriod place) {
    Map<Key, Long> sums = new HashMap<>();
    forEachPair(
        ready().call(command(Command.HGETALL, Keys.count(place))),
        (field, value) -> {
          Key key = entries.key(field);
          Long sum = key == null ? null : decimal(text(value));
          if (key != null && sum != null) {
            sums.put(key, sum);
          }
        });
    return sums;
  }

  @Override
  public Map<Key, GaugeCell> gauges(int shard) {
    TreeMap<Key, GaugeCell> gauges = new TreeMap<>();
    forEachPair(
        ready().call(command(Command.HGETALL, Keys.gauge(shard))),
        (field, value) -> {
          Key key = entries.key(field);
          GaugeCell gauge = key == null ? null : entries.gauge(value, Posting.RANK_BYTES);
          if (key != null && gauge != null) {
            gauges.put(key, gauge);
          }
        });
    return gauges;
  }

  @Override
  public void putAnnotations(Collection<Annotation> annotations) {
    if (annotations.isEmpty()) {
      return;
    }
    CommandArguments put = command(Command.HSET, Keys.ANNOTATIONS);
    for (Annotation annotation : annotations) {
      ByteWriter value = new ByteWriter(256);
      annotation.write(value);
      put.add(annotation.id().toString()).add(value.toBytes());
    }
    ready().call(put);
  }

  @Override
  public List<Annotation> annotations() {
    TreeMap<String, Annotation> waiting = new TreeMap<>();
    forEachPair(
        ready().call(command(Command.HGETALL, Keys.ANNOTATIONS)),
        (id, value) -> {
          Annotation annotation = entries.annotation(value);
          if (annotation != null) {
            waiting.put(text(id), annotation);
          }
        });
    return List.copyOf(waiting.values());
  }

  @Override
  public void annotationsDone(Collection<AnnotationId> ids) {
    if (!ids.isEmpty()) {
      CommandArguments delete = command(Command.HDEL, Keys.ANNOTATIONS);
      ids.forEach(id -> delete.add(id.toString()));
      ready().call(delete);
    }
  }

  @Override
  public Map<Series, Long> seen(int shard) {
    TreeMap<Series, Long> seen = new TreeMap<>();
    CommandArguments all =
        command(Command.ZRANGE, Keys.seen(shard)).add(0).add(-1).add("WITHSCORES");
    forEachPair(
        ready().call(all),
        (member, score) -> {
          Kind kind = entries.kind(member.length == 0 ? 0 : member[0] - '0');
          Key key = kind == null ? null : entries.key(member, 1);
          Long seconds = key == null ? null : decimal(text(score));
          if (kind != null && key != null && seconds != null) {
            seen.put(new Series(key, kind), seconds * 1000);
          }
        });
    return seen;
  }

  @Override
  public boolean lease(String name, String holder, Duration length) {
    List<byte[]> arguments = List.of(Keys.utf8(holder), decimal(length.toMillis()));
    return number(
            ready().run(new ScriptCall(Script.LEASE, List.of(Keys.lease(name)), () -> arguments)))
        == 1;
  }

  @Override
  public void release(String name, String holder) {
    List<byte[]> arguments = List.of(Keys.utf8(holder));
    ready().run(new ScriptCall(Script.RELEASE, List.of(Keys.lease(name)), () -> arguments));
  }

  @Override
  public long clockMs() {
    List<?> time = (List<?>) ready().call(new CommandArguments(Command.TIME));
    return Long.parseLong(text(time.get(0))) * 1000 + Long.parseLong(text(time.get(1))) / 1000;
  }

  @Override
  public String describe() {
    return options.toString();
  }

  @Override
  public void close() {
    link.close();
  }

  /** Takes a field and its value. */
  @FunctionalInterface
  private interface PairVisitor {
    void pair(byte[] field, byte[] value);
  }

  private static void forEachPair(Object reply, PairVisitor visitor) {
    for (Iterator<?> i = ((List<?>) reply).iterator(); i.hasNext(); ) {
      visitor.pair((byte[]) i.next(), (byte[]) i.next());
    }
  }

  private static CommandArguments command(Command command, byte[] key) {
    return new CommandArguments(command).key(key);
  }

  private static List<byte[]> texts(Collection<BatchName> names) {
    return names.stream().map(name -> Keys.utf8(name.toString())).toList();
  }

  private static byte[] decimal(long number) {
    return Keys.utf8(Long.toString(number));
  }

  /** The number in decimal, or null, and counted. */
  private @Nullable Long decimal(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      entries.damaged();
      return null;
    }
  }

  private static long number(Object reply) {
    return ((Number) reply).longValue();
  }

  private static String text(@Nullable Object bytes) {
    return bytes == null ? "nothing" : new String((byte[]) bytes, StandardCharsets.UTF_8);
  }
}
