package org.skymetrics.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.common.wire.DataReader;
import org.skymetrics.common.wire.Open;
import org.skymetrics.common.wire.Opened;
import org.skymetrics.common.wire.Opened.Verdict;
import org.skymetrics.common.wire.Packet;
import org.skymetrics.common.wire.PacketType;
import org.skymetrics.server.journal.JournalFiles;
import org.skymetrics.simulation.SimulatedNetwork.Message;
import org.skymetrics.simulation.SimulatedNetwork.Passage;
import org.skymetrics.simulation.Simulation.Outcome;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.Mark;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.period.PeriodStore.BatchState;
import org.skymetrics.store.period.Posting;

/**
 * That the simulation finds faults: for each decision a part that does not keep it takes the place
 * of the honest one, and within some hundred seeds something is lost, doubled or wrongly told.
 */
final class FlawTest {
  private static final int SEEDS = 300;

  private static void requireFound(Parts flawed, String... asWhat) {
    requireFound(scenario -> true, flawed, asWhat);
  }

  /** Runs seeds until the flaw is found, as what it is. */
  private static void requireFound(Predicate<Scenario> mayShowIt, Parts flawed, String... asWhat) {
    List<String> others = new ArrayList<>();
    int runs = 0;
    for (long seed = 0; runs < SEEDS; seed++) {
      if (!mayShowIt.test(Scenario.of(seed))) {
        continue;
      }
      runs++;
      Outcome outcome = Simulation.run(seed, flawed, false);
      if (outcome.broken() != null) {
        String message = String.valueOf(outcome.broken().getMessage());
        for (String what : asWhat) {
          if (message.contains(what)) {
            assertThat(outcome.broken()).isInstanceOf(Timeline.Broken.class);

            return;
          }
        }
        others.add("seed " + seed + ": " + message.lines().findFirst().orElse(""));
      }
    }
    throw new AssertionError("not found within " + SEEDS + " seeds; found: " + others);
  }

  private static final String LOST = "something is lost";
  private static final String TWICE = "counted twice";
  private static final String TOLD_LESS = "promised and";

  /** A rollup goes no further where a level is of batches that its blocks have lost. */
  private static final String LEVELS_AHEAD = "did not come to rest";

  private static final String TOLD_MORE = "a reader was told of";

  /** A store whose method of one name is another. */
  private static <T> T altered(Class<T> type, T store, String method, Alteration alteration) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, args) -> {
              try {
                return called.getName().equals(method)
                    ? alteration.call(args, () -> called.invoke(store, args))
                    : called.invoke(store, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private interface Honest {
    Object call() throws Exception;
  }

  private interface Alteration {
    Object call(Object[] args, Honest honest) throws Exception;
  }

  /** Decision 3: what a server has forgotten must not be numbered anew. */
  @Test
  void shouldFindAServerThatForgetsItsWindowsAndSaysRenumber() {
    requireFound(
        new Parts() {
          @Override
          Passage passage(World world) {
            return (message, on) -> on.accept(forgetful(world, message));
          }
        },
        TWICE,
        TOLD_MORE);
  }

  /** A lane that is named is taken for none in half of all cases, and then said to be empty. */
  private static Message forgetful(World world, Message message) {
    Packet packet = Packet.read(message.bytes(), 0, message.bytes().length);
    if (packet instanceof Open open && open.lane() != 0 && open.laneNonce() % 2 == 0) {
      Open without = new Open(open.session(), open.cookie(), open.laneNonce(), 0);
      return new Message(without.toBytes(), message.from(), message.to());
    }
    if (packet instanceof Opened o && o.laneNonce() % 2 == 0) {
      Opened renumber =
          new Opened(
              o.session(),
              o.laneNonce(),
              o.lane(),
              o.serverTimeMs(),
              o.periodMs(),
              o.ringVersion(),
              o.window(),
              Verdict.RENUMBER);
      return new Message(renumber.toBytes(), message.from(), message.to());
    }
    return message;
  }

  /** Decision 3: acknowledged is what is counted, not what has come. */
  @Test
  void shouldFindAServerThatAcknowledgesWhatItHasNotCounted() {
    requireFound(
        new Parts() {
          @Override
          Passage passage(World world) {
            return (message, on) -> {
              on.accept(message);
              acknowledge(message, on);
            };
          }
        },
        LOST,
        TOLD_LESS);
  }

  private static void acknowledge(Message message, Consumer<Message> on) {
    byte[] bytes = message.bytes();
    DataReader data = new DataReader();
    if (Packet.type(bytes, 0) != PacketType.DATA || data.wrap(bytes, 0, bytes.length) != null) {
      return;
    }
    // Just this one: all below it are left as they are.
    long base = data.lowestOpen();
    int at = (int) (data.sequence() - base);
    byte[] bitmap = new byte[at == 0 ? 0 : at / 8 + 1];
    if (at > 0) {
      bitmap[at / 8] |= (byte) (1 << at % 8);
    }
    Ack ack =
        new Ack(
            data.session(),
            false,
            data.lane(),
            at == 0 ? base + 1 : base,
            NodeClock.START_MS,
            0,
            0,
            bitmap);
    on.accept(new Message(ack.toBytes(), message.to(), message.from()));
  }

  /** Decision 5: what a silent server may have counted must not go to another. */
  @Test
  void shouldFindAClientThatSendsAmbiguousPacketsElsewhere() {
    requireFound(
        new Parts() {
          @Override
          Passage passage(World world) {
            return new Impatience();
          }
        },
        TWICE,
        TOLD_MORE);
  }

  /**
   * Has clients take what was sent three times without an answer for what was never counted: they
   * are told so, as by the server's last acknowledgement, and send it anew.
   */
  private static final class Impatience implements Passage {
    private final Map<Truth.Place, Integer> tries = new HashMap<>();
    private final DataReader data = new DataReader();

    @Override
    public void pass(Message message, Consumer<Message> on) {
      on.accept(message);
      byte[] bytes = message.bytes();
      if (Packet.type(bytes, 0) == PacketType.DATA && data.wrap(bytes, 0, bytes.length) == null) {
        Truth.Place place = new Truth.Place(data.lane(), data.sequence());
        if (tries.merge(place, 1, Integer::sum) == 3) {
          Ack last =
              new Ack(
                  data.session(),
                  true,
                  data.lane(),
                  data.lowestOpen(),
                  NodeClock.START_MS,
                  0,
                  0,
                  new byte[0]);
          on.accept(new Message(last.toBytes(), message.to(), message.from()));
        }
      }
    }
  }

  /** Decision 6: what is acknowledged outlives the process. */
  @Test
  void shouldFindAJournalThatIsWrittenAfterTheAcknowledgement() {
    requireFound(
        new Parts() {
          @Override
          JournalFiles files(JournalFiles files) {
            return new LazyFiles(files);
          }
        },
        LOST,
        TOLD_LESS,
        "gaps in its journal");
  }

  /** Writes what is appended to packet files only when the next is, or it is forced. */
  private static final class LazyFiles extends ForwardingFiles {
    LazyFiles(JournalFiles files) {
      super(files);
    }

    @Override
    public Appender create(String name) throws IOException {
      Appender appender = super.create(name);
      if (!name.matches("segment-\\d+-\\d+")) {
        return appender;
      }
      ByteArrayOutputStream late = new ByteArrayOutputStream();
      return new Appender() {
        private void write() throws IOException {
          appender.append(late.toByteArray(), 0, late.size());
          late.reset();
        }

        @Override
        public void append(byte[] bytes, int offset, int length) throws IOException {
          write();
          late.write(bytes, offset, length);
        }

        @Override
        public void cut(long lengthBytes) throws IOException {
          write();
          appender.cut(lengthBytes);
        }

        @Override
        public void force() throws IOException {
          write();
          appender.force();
        }

        @Override
        public void close() throws IOException {
          appender.close();
        }
      };
    }
  }

  /** Decision 6: what is forced outlives the machine. */
  @Test
  void shouldFindAJournalThatIsNotForced() {
    requireFound(
        scenario -> scenario.machinesCrash() && scenario.isExact(),
        new Parts() {
          @Override
          JournalFiles files(JournalFiles files) {
            return new ForwardingFiles(files) {
              @Override
              public Appender create(String name) throws IOException {
                Appender appender = super.create(name);
                return name.startsWith("segment-") ? new UnforcedAppender(appender) : appender;
              }
            };
          }
        },
        LOST,
        TOLD_LESS,
        "gaps in its journal",
        "its journal damaged");
  }

  private record UnforcedAppender(JournalFiles.Appender appender) implements JournalFiles.Appender {
    @Override
    public void append(byte[] bytes, int offset, int length) throws IOException {
      appender.append(bytes, offset, length);
    }

    @Override
    public void cut(long lengthBytes) throws IOException {
      appender.cut(lengthBytes);
    }

    @Override
    public void force() {}

    @Override
    public void close() throws IOException {
      appender.close();
    }
  }

  /** Decision 7: putting twice is the same as once. */
  @Test
  void shouldFindAPeriodStoreThatAddsWhatIsPutAgain() {
    requireFound(
        new Parts() {
          @Override
          PeriodStore ofServer(PeriodStore store, SimulatedRedis redis) {
            return altered(
                PeriodStore.class,
                store,
                "put",
                (args, honest) -> {
                  for (Object batch : (List<?>) args[0]) {
                    addIfKnown(redis, Posting.of((Batch) batch, store.layout()));
                  }
                  return honest.call();
                });
          }
        },
        "the running sums of",
        "found sums that differ");
  }

  private static void addIfKnown(SimulatedRedis redis, Posting posting) {
    ShardPeriod place = posting.batch().place();
    if (redis.state().knows(place, posting.batch().name().toString())) {
      redis.change(state -> posting.increments().forEach(i -> state.add(place, i)));
    }
  }

  /** Decision 7: a batch is one, whatever the number of puts. */
  @Test
  void shouldFindAPeriodStoreThatNamesABatchAnewWhenItIsPutAgain() {
    requireFound(
        new Parts() {
          @Override
          PeriodStore ofServer(PeriodStore store, SimulatedRedis redis) {
            return altered(
                PeriodStore.class,
                store,
                "put",
                (args, honest) -> {
                  for (Object batch : (List<?>) args[0]) {
                    putAnewIfKnown(store, redis, (Batch) batch);
                  }
                  return honest.call();
                });
          }
        },
        TWICE,
        TOLD_MORE);
  }

  private static void putAnewIfKnown(PeriodStore store, SimulatedRedis redis, Batch batch)
      throws Exception {
    if (redis.state().knows(batch.place(), batch.name().toString())) {
      BatchName other = new BatchName(~batch.name().incarnation(), batch.name().segment());
      java.util.TreeMap<org.skymetrics.store.batch.Series, org.skymetrics.common.cell.Cell> cells =
          new java.util.TreeMap<>();
      batch.forEach(cells::put);
      store.put(List.of(Batch.of(other, batch.place(), batch.periodMs(), cells)));
    }
  }

  /** Decision 8: what others wrote meanwhile stays. */
  @Test
  void shouldFindAHistoryWhoseLastWriterWins() {
    requireFound(
        scenario -> scenario.rollups() > 1,
        new Parts() {
          @Override
          HistoryStore ofRollup(HistoryStore store) {
            return altered(
                HistoryStore.class,
                store,
                "put",
                (args, honest) -> {
                  store.put(
                      (String) args[0], (byte[]) args[1], store.get((String) args[0]).context());
                  return null;
                });
          }
        },
        LOST,
        TOLD_LESS,
        LEVELS_AHEAD,
        "is not what its periods add up to");
  }

  /** Decision 8: done is what was read back, from where it is safe. */
  @Test
  void shouldFindARollupThatReadsBackWhatIsNotSafe() {
    requireFound(
        new Parts() {
          @Override
          HistoryStore ofRollup(HistoryStore store) {
            return new WriteBehind(store);
          }
        },
        LOST,
        TOLD_LESS,
        "is not what its periods add up to",
        "blocks without a file");
  }

  /** Keeps the last puts to itself, and writes them with later ones: a crash takes them. */
  private static final class WriteBehind implements HistoryStore {
    private static final int KEPT = 4;

    private final HistoryStore store;
    private final LinkedHashMap<String, byte[]> kept = new LinkedHashMap<>();

    WriteBehind(HistoryStore store) {
      this.store = store;
    }

    @Override
    public Versions get(String key) {
      Versions there = store.get(key);
      byte[] mine = kept.get(key);
      return mine == null ? there : new Versions(List.of(mine), there.context());
    }

    @Override
    public void put(String key, byte[] value, Context context) {
      kept.remove(key);
      kept.put(key, value);
      while (kept.size() > KEPT) {
        String oldest = kept.keySet().iterator().next();
        store.put(oldest, kept.remove(oldest), store.get(oldest).context());
      }
    }

    @Override
    public void delete(String key, Context context) {
      store.delete(key, context);
    }

    @Override
    public String describe() {
      return store.describe();
    }

    @Override
    public void close() {
      store.close();
    }
  }

  /** Decision 9: a server keeps a batch until history has it. */
  @Test
  void shouldFindAServerThatForgetsWhatRedisTook() {
    requireFound(
        new Parts() {
          @Override
          PeriodStore ofServer(PeriodStore store, SimulatedRedis redis) {
            return altered(
                PeriodStore.class,
                store,
                "states",
                (args, honest) -> {
                  @SuppressWarnings("unchecked")
                  Map<BatchName, BatchState> states = (Map<BatchName, BatchState>) honest.call();
                  states.replaceAll(
                      (name, state) -> state == BatchState.WAITING ? BatchState.DONE : state);
                  return states;
                });
          }
        },
        LOST,
        TOLD_LESS);
  }

  /** Decision 11: what is made of blocks is made again when something came late. */
  @Test
  void shouldFindACompactionThatTakesNoNoticeOfWhatComesLate() {
    requireFound(
        new Parts() {
          @Override
          HistoryStore ofRollup(HistoryStore store) {
            return altered(
                HistoryStore.class,
                store,
                "put",
                (args, honest) -> {
                  if (((String) args[0]).startsWith("catalog/")) {
                    args[1] = withoutLateMarks(Catalog.parse((byte[]) args[1])).toBytes();
                  }
                  return honest.call();
                });
          }
        },
        LOST,
        TOLD_LESS,
        "blocks without a file",
        "is not what its periods add up to",
        "of the times that its periods",
        "has other series than its periods");
  }

  /** Only what has no files yet is marked. */
  private static Catalog withoutLateMarks(Catalog catalog) {
    Catalog rest = catalog;
    for (Mark mark : catalog.marks()) {
      if (mark.token() == 0 && catalog.files(mark.span()).containsKey(mark.spanStartMs())) {
        rest = rest.without(mark.span(), mark.spanStartMs(), 0);
      }
    }
    return rest;
  }

  /** Decision 11: a level is of all that its periods are of. */
  @Test
  void shouldFindLevelsThatAreNotMadeAgain() {
    requireFound(
        new Parts() {
          @Override
          HistoryStore ofRollup(HistoryStore store) {
            return altered(
                HistoryStore.class,
                store,
                "put",
                (args, honest) -> {
                  String key = (String) args[0];
                  boolean isKept =
                      key.startsWith("chunk/d/3600/") && !store.get(key).values().isEmpty();
                  return isKept ? null : honest.call();
                });
          }
        },
        "counted CHUNKS_DAMAGED",
        "is not what its periods add up to",
        "of the times that its periods",
        "has other series than its periods");
  }

  /** Decision 10: readers look in the order in which the data moves. */
  @Test
  void shouldFindAReaderThatLooksAtHistoryFirst() {
    requireFound(
        new Parts() {
          @Override
          HistoryStore ofReader(HistoryStore store, SimulatedRiak riak) {
            return new SimulatedHistoryStore(riak.copy());
          }
        },
        TOLD_LESS);
  }

  /** Decision 10: a name counts once, wherever it is met. */
  @Test
  void shouldFindAReaderThatTellsBatchesApartByPlace() {
    requireFound(
        new Parts() {
          @Override
          PeriodStore ofReader(PeriodStore store) {
            return altered(
                PeriodStore.class,
                store,
                "mailbox",
                (args, honest) -> {
                  List<Batch> others = new ArrayList<>();
                  for (Object found : (List<?>) honest.call()) {
                    Batch batch = (Batch) found;
                    java.util.TreeMap<
                            org.skymetrics.store.batch.Series, org.skymetrics.common.cell.Cell>
                        cells = new java.util.TreeMap<>();
                    batch.forEach(cells::put);
                    BatchName other =
                        new BatchName(~batch.name().incarnation(), batch.name().segment());
                    others.add(Batch.of(other, batch.place(), batch.periodMs(), cells));
                  }
                  return others;
                });
          }
        },
        TOLD_MORE);
  }
}
