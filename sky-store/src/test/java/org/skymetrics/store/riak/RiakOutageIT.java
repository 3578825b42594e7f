package org.skymetrics.store.riak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.skymetrics.store.Samples;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.block.Block;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStore.Versions;
import org.skymetrics.store.riak.standin.Fault.CutReply;
import org.skymetrics.store.riak.standin.Fault.CutRequest;
import org.skymetrics.store.riak.standin.Fault.Error;
import org.skymetrics.store.riak.standin.Fault.Silence;
import org.skymetrics.store.riak.standin.Request;
import org.skymetrics.store.riak.standin.RiakStandIn;

/** What happens to history while Riak is away, hangs, answers with errors, or is cut off. */
@Timeout(60)
final class RiakOutageIT {
  private static final Duration SHORT = Duration.ofMillis(250);

  private final RiakStandIn node = RiakStandIn.start();
  private final StoreCounters counters = new StoreCounters();
  private final RiakOptions options = RiakOptions.parse(node.address());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<AutoCloseable> opened = new ArrayList<>(List.of(node));

  @AfterEach
  void closeAll() throws Exception {
    threads.shutdownNow();
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @Test
  void shouldLoseAndDoubleNothingWhereverAReplyIsCut() {
    HistoryStore store = connect(options);
    byte[] before = bytes("before");
    store.put("k", before, Context.NONE);
    int getBytes = 150;
    for (int cut = 0; cut <= getBytes; cut++) {
      node.inject(Request.GET, new CutReply(cut));
      assertThat(store.get("k").values()).as("get cut at %s", cut).containsExactly(before);
    }
    for (int cut = 0; cut <= 5; cut++) {
      byte[] value = bytes("value " + cut);
      node.inject(Request.PUT, new CutReply(cut));
      store.put("k", value, store.get("k").context());
      assertThat(store.get("k").values()).as("put cut at %s", cut).containsExactly(value);
      node.inject(Request.DELETE, new CutReply(cut));
      store.delete("k", store.get("k").context());
      assertThat(store.get("k").values()).as("delete cut at %s", cut).isEmpty();
    }
    assertThat(counters.get(StoreCounter.CALL_FAILED)).isZero();
    assertThat(counters.get(StoreCounter.RETRY))
        .isEqualTo(counters.get(StoreCounter.CONNECTION_LOST))
        .isGreaterThan(100);
  }

  @Test
  void shouldFailAfterThreeCutsAndGoOnThen() {
    HistoryStore store = connect(options);
    store.put("k", bytes("1"), Context.NONE);
    Context seen = store.get("k").context();
    for (int i = 0; i < 3; i++) {
      node.inject(Request.PUT, new CutRequest());
    }
    assertFault(Fault.UNAVAILABLE, () -> store.put("k", bytes("2"), seen));
    assertThat(values(store, "k")).containsExactly("1");
    store.put("k", bytes("2"), seen);
    assertThat(values(store, "k")).containsExactly("2");
    assertThat(counters.get(StoreCounter.CONNECTION_LOST)).isEqualTo(3);
    assertThat(counters.get(StoreCounter.CALL_FAILED)).isEqualTo(1);
  }

  @Test
  void shouldEndCallsToAHungNodeAndRecover() {
    HistoryStore store = connect(options.withTimeout(SHORT));
    store.put("k", bytes("1"), Context.NONE);
    Context seen = store.get("k").context();
    node.hang();
    StoreException e = assertFault(Fault.TIMEOUT, () -> store.put("k", bytes("2"), seen));
    assertThat(e).hasMessageContaining(node.address()).hasMessageContaining("250 ms");
    assertFault(Fault.TIMEOUT, () -> store.get("k"));
    assertFault(Fault.TIMEOUT, () -> store.get(List.of("k", "l")));
    node.resume();
    // The put that nobody waited for is carried out now, beside the one that was made again.
    store.put("k", bytes("2"), seen);
    assertThat(values(store, "k")).contains("2").isSubsetOf("1", "2");
    assertThat(counters.get(StoreCounter.TIMEOUT)).isGreaterThanOrEqualTo(3);
  }

  @Test
  void shouldEndACallThatIsNeverAnswered() {
    HistoryStore store = connect(options.withTimeout(SHORT));
    store.get("k");
    node.inject(Request.PUT, new Silence());
    assertFault(Fault.TIMEOUT, () -> store.put("k", bytes("1"), Context.NONE));
    store.put("k", bytes("1"), Context.NONE);
    assertThat(values(store, "k")).containsExactly("1");
  }

  @Test
  void shouldGoOnWithTheOtherNodesWhenOneHangs() {
    RiakStandIn hung = opened(node.startPeer());
    RiakStandIn other = opened(node.startPeer());
    HistoryStore store =
        connect(
            RiakOptions.parse(hung.address() + "," + node.address() + "," + other.address())
                .withTimeout(Duration.ofSeconds(1)));
    hung.hang();
    List<String> keys = IntStream.range(0, 200).mapToObj(i -> "k" + i).toList();
    keys.forEach(key -> store.put(key, bytes(key), Context.NONE));
    Map<String, Versions> found = store.get(keys);
    keys.forEach(key -> assertThat(found.get(key).values()).containsExactly(bytes(key)));
    assertThat(counters.get(StoreCounter.CALL_FAILED)).isZero();
    assertThat(counters.get(StoreCounter.TIMEOUT)).isBetween(1L, 20L);
    assertThat(node.count(Request.PUT)).isPositive();
    assertThat(other.count(Request.PUT)).isPositive();
  }

  @Test
  void shouldGoOnWithTheOtherNodesWhenSomeAreMissing() {
    RiakStandIn stopped = opened(node.startPeer());
    stopped.stop();
    HistoryStore store =
        connect(
            RiakOptions.parse(
                "no-such-host.invalid:8087," + stopped.address() + "," + node.address()));
    List<String> keys = IntStream.range(0, 50).mapToObj(i -> "k" + i).toList();
    keys.forEach(key -> store.put(key, bytes(key), Context.NONE));
    assertThat(store.get(keys).values()).allMatch(versions -> versions.values().size() == 1);
    assertThat(counters.get(StoreCounter.CALL_FAILED)).isZero();
    assertThat(counters.get(StoreCounter.UNREACHED)).isPositive();
  }

  @Test
  void shouldStartWithoutANodeAndRecoverByItself() {
    node.stop();
    HistoryStore store = connect(options);
    StoreException e = assertFault(Fault.UNAVAILABLE, () -> store.get("k"));
    assertThat(e).hasMessageContaining(node.address()).hasMessageContaining("not reached");
    assertFault(Fault.UNAVAILABLE, () -> store.get(List.of("a", "b", "c")));
    node.restart();
    store.put("k", bytes("1"), Context.NONE);
    node.stop();
    assertFault(Fault.UNAVAILABLE, () -> store.put("k", bytes("2"), Context.NONE));
    node.restart();
    assertThat(values(store, "k")).containsExactly("1");
    assertThat(counters.get(StoreCounter.UNREACHED)).isPositive();
  }

  @Test
  void shouldKeepSiblingsOnANodeThatWasSetUpAnew() {
    HistoryStore store = connect(options);
    store.put("k", bytes("1"), Context.NONE);
    assertThat(counters.get(StoreCounter.SIBLINGS_ALLOWED)).isEqualTo(1);
    for (int anew = 1; anew <= 20; anew++) {
      node.stop();
      node.wipe();
      node.restart();
      store.put("k", bytes("1"), Context.NONE);
      store.put("k", bytes("2"), Context.NONE);
      assertThat(values(store, "k")).containsExactlyInAnyOrder("1", "2");
      assertThat(counters.get(StoreCounter.SIBLINGS_ALLOWED)).isEqualTo(1 + anew);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "timeout; TIMEOUT; 1",
        "all_nodes_down; UNAVAILABLE; 3",
        "{insufficient_vnodes,1,need,2}; UNAVAILABLE; 3",
        "{too_large,52428801}; OTHER; 1",
        "Security is enabled, please STARTTLS first; NOT_ALLOWED; 1"
      })
  void shouldTellErrorsApart(String text, Fault fault, int tries) {
    HistoryStore store = connect(options);
    store.get("k");
    for (int i = 0; i < tries; i++) {
      node.inject(Request.PUT, new Error(text));
    }
    StoreException e = assertFault(fault, () -> store.put("k", bytes("1"), Context.NONE));
    assertThat(e).hasMessageContaining(text).hasMessageContaining("put k");
    assertThat(node.count(Request.PUT)).isEqualTo(tries);
    assertThat(counters.get(StoreCounter.ERROR_REPLY)).isEqualTo(tries);
    assertThat(counters.get(StoreCounter.CALL_FAILED)).isEqualTo(1);
    assertThat(store.get("k").values()).isEmpty();
  }

  @Test
  void shouldUniteWhatTwoWritersMadeSiblings() throws Exception {
    HistoryStore one = connect(options);
    HistoryStore other = connect(options);
    String key = Block.historyKey(Samples.PLACE);
    Block first = Block.empty(Samples.PLACE).with(List.of(Samples.batch(1, "a", 10)));
    Block second = Block.empty(Samples.PLACE).with(List.of(Samples.batch(2, "a", 5)));
    Context nothing = one.get(key).context();
    one.put(key, first.toBytes(), nothing);
    other.put(key, second.toBytes(), nothing);
    Versions both = one.get(key);
    assertThat(both.values()).hasSize(2);
    Block united = Block.empty(Samples.PLACE);
    for (byte[] value : both.values()) {
      united = united.unite(Block.parse(Samples.PLACE, value));
    }
    one.put(key, united.toBytes(), both.context());
    assertThat(other.get(key).values()).containsExactly(first.unite(second).toBytes());
    assertThat(counters.get(StoreCounter.SIBLINGS)).isEqualTo(1);
  }

  @Test
  void shouldBoundPutsInFlight() throws Exception {
    HistoryStore store = connect(options.withInFlight(8, 3));
    store.get("k");
    node.hang();
    List<Callable<Boolean>> puts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String key = "k" + i;
      puts.add(
          () -> {
            store.put(key, bytes(key), Context.NONE);
            return true;
          });
    }
    List<Future<Boolean>> running = puts.stream().map(threads::submit).toList();
    node.awaitHeld(3);
    node.resume();
    for (Future<Boolean> put : running) {
      assertThat(put.get()).isTrue();
    }
    assertThat(node.count(Request.PUT)).isEqualTo(40);
    assertThat(node.busiest(Request.PUT)).isEqualTo(3);
  }

  @Test
  void shouldGetManyKeysAtOnceWithinTheBound() throws Exception {
    HistoryStore store = connect(options.withInFlight(6, 2));
    store.put("k7", bytes("7"), Context.NONE);
    node.hang();
    List<String> keys = IntStream.range(0, 60).mapToObj(i -> "k" + i).toList();
    Future<Map<String, Versions>> all = threads.submit(() -> store.get(keys));
    node.awaitHeld(6);
    node.resume();
    assertThat(all.get().get("k7").values()).containsExactly(bytes("7"));
    assertThat(all.get()).hasSize(60);
    assertThat(node.busiest(Request.GET)).isEqualTo(6);
    assertThat(node.connections()).isLessThanOrEqualTo(6);
  }

  @Test
  void shouldNotWaitForEachOfManyKeysWhenAllHangs() {
    HistoryStore store = connect(options.withTimeout(SHORT).withInFlight(2, 1));
    store.get("k");
    node.hang();
    List<String> keys = IntStream.range(0, 1000).mapToObj(i -> "k" + i).toList();
    assertFault(Fault.TIMEOUT, () -> store.get(keys));
    assertThat(node.count(Request.GET)).isLessThan(10);
    node.stop();
    assertFault(Fault.UNAVAILABLE, () -> store.get(keys));
    node.restart();
    assertThat(store.get(keys)).hasSize(1000);
  }

  @Test
  void shouldTurnAwayWhoFindsNoPlaceInTime() throws Exception {
    HistoryStore store = connect(options.withTimeout(SHORT).withInFlight(1, 1));
    store.get("k");
    node.hang();
    Future<Versions> first = threads.submit(() -> store.get("a"));
    node.awaitHeld(1);
    List<Future<Versions>> more =
        IntStream.range(0, 4).mapToObj(i -> threads.submit(() -> store.get("b"))).toList();
    for (Future<Versions> each : more) {
      assertThatThrownBy(each::get).hasCauseInstanceOf(StoreException.class);
    }
    assertThatThrownBy(first::get).hasCauseInstanceOf(StoreException.class);
    assertThat(counters.get(StoreCounter.CROWDED)).isPositive();
    assertThat(counters.get(StoreCounter.CALL_FAILED)).isEqualTo(5);
    node.resume();
    assertThat(store.get("a").values()).isEmpty();
  }

  @Test
  void shouldWriteDurablyAndReadFromAQuorum() {
    HistoryStore store = connect(options);
    store.put("k", bytes("1"), Context.NONE);
    store.delete("k", store.get("k").context());
    String quorum = "fdffffff0f";
    assertThat(hex(node.last(Request.PUT))).contains("30" + quorum);
    assertThat(hex(node.last(Request.GET))).contains("18" + quorum);
    assertThat(hex(node.last(Request.DELETE))).contains("48" + quorum);
  }

  @Test
  void shouldRefuseWhatRiakWouldAndCountWhatItWarnsOf() {
    HistoryStore store = connect(options);
    byte[] large = new byte[RiakHistoryStore.LARGE_VALUE_BYTES + 1];
    store.put("large", large, Context.NONE);
    assertThat(store.get("large").values().get(0)).hasSize(large.length);
    assertThat(counters.get(StoreCounter.LARGE_VALUE)).isEqualTo(1);
    byte[] tooLarge = new byte[RiakHistoryStore.MAX_VALUE_BYTES + 1];
    StoreException e =
        assertFault(Fault.OTHER, () -> store.put("too-large", tooLarge, Context.NONE));
    assertThat(e)
        .hasMessage("the value of too-large has 52428801 bytes; Riak takes at most 52428800");
    assertThat(counters.get(StoreCounter.REFUSED_VALUE)).isEqualTo(1);
    assertThat(node.count(Request.PUT)).isEqualTo(1);
  }

  @Test
  void shouldEndAllCallsAndThreadsWhenClosed() throws Exception {
    RiakHistoryStore store = RiakHistoryStore.connect(options, counters);
    store.get("k");
    node.hang();
    Future<Versions> hung = threads.submit(() -> store.get("k"));
    node.awaitHeld(1);
    store.close();
    assertThatThrownBy(hung::get).hasCauseInstanceOf(StoreException.class);
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith(RiakThreads.NAME)) {
        thread.join();
      }
    }
    assertFault(Fault.UNAVAILABLE, () -> store.put("k", bytes("1"), Context.NONE));
  }

  private HistoryStore connect(RiakOptions wanted) {
    return opened(RiakHistoryStore.connect(wanted, counters));
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    opened.add(closeable);
    return closeable;
  }

  private static StoreException assertFault(Fault fault, Runnable call) {
    StoreException e = catchThrowableOfType(StoreException.class, call::run);
    assertThat(e).isNotNull();
    assertThat(e.fault()).as(e.getMessage()).isEqualTo(fault);
    return e;
  }

  private static List<String> values(HistoryStore store, String key) {
    return store.get(key).values().stream()
        .map(value -> new String(value, StandardCharsets.UTF_8))
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
