package org.skymetrics.store.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.history.HistoryStore.Versions;

/** What every history store does. */
public abstract class HistoryStoreContract {
  protected HistoryStore store;

  /** The store of this test, opened (once more). */
  protected abstract HistoryStore open() throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void shouldHaveNoValueAtFirst() {
    Versions none = store.get("block/1/60");
    assertThat(none.values()).isEmpty();
    store.put("block/1/60", bytes("x"), none.context());
    assertThat(values("block/1/60")).containsExactly("x");
  }

  @Test
  void shouldReplaceWhatTheContextHasSeen() {
    store.put("k", bytes("1"), Context.NONE);
    store.put("k", bytes("2"), store.get("k").context());
    store.put("k", bytes("3"), store.get("k").context());
    assertThat(values("k")).containsExactly("3");
  }

  @Test
  void shouldKeepConcurrentWritesAsSiblings() {
    store.put("k", bytes("1"), Context.NONE);
    Context seen = store.get("k").context();
    store.put("k", bytes("2"), seen);
    store.put("k", bytes("3"), seen);
    store.put("k", bytes("4"), Context.NONE);
    assertThat(values("k")).containsExactlyInAnyOrder("2", "3", "4");
  }

  @Test
  void shouldResolveSiblingsWithAContextThatHasSeenThemAll() {
    store.put("k", bytes("1"), Context.NONE);
    store.put("k", bytes("2"), Context.NONE);
    Context both = store.get("k").context();
    store.put("k", bytes("3"), Context.NONE);
    store.put("k", bytes("1+2"), both);
    assertThat(values("k")).contains("3", "1+2").isSubsetOf("1", "2", "3", "1+2");
    store.put("k", bytes("all"), store.get("k").context());
    assertThat(values("k")).containsExactly("all");
  }

  @Test
  void shouldTakeAContextThatWasPassedOnAsBytes() {
    store.put("k", bytes("1"), Context.NONE);
    store.put("k", bytes("2"), new Context(store.get("k").context().toBytes()));
    assertThat(values("k")).containsExactly("2");
  }

  @Test
  void shouldNotLoseAWriteThatIsRepeated() {
    Context none = store.get("k").context();
    store.put("k", bytes("1"), none);
    store.put("k", bytes("1"), none);
    assertThat(values("k")).isNotEmpty().containsOnly("1");
  }

  @Test
  void shouldDeleteWhatTheContextHasSeen() {
    store.put("k", bytes("1"), Context.NONE);
    Context first = store.get("k").context();
    store.put("k", bytes("2"), Context.NONE);
    store.delete("k", first);
    assertThat(values("k")).contains("2").isSubsetOf("1", "2");
    store.delete("k", first);
    store.delete("k", Context.NONE);
    assertThat(values("k")).contains("2").isSubsetOf("1", "2");
    store.delete("k", store.get("k").context());
    assertThat(values("k")).isEmpty();
    store.put("k", bytes("3"), first);
    assertThat(values("k")).containsExactly("3");
  }

  @Test
  void shouldTellAllThatChangedSinceItWasRead() {
    store.put("same", bytes("1"), Context.NONE);
    store.put("other", bytes("1"), Context.NONE);
    store.put("sibling", bytes("1"), Context.NONE);
    store.put("gone", bytes("1"), Context.NONE);
    Map<String, Context> known = new LinkedHashMap<>();
    for (String key : List.of("same", "other", "sibling", "gone", "new", "none")) {
      known.put(key, store.get(key).context());
    }
    store.put("other", bytes("2"), store.get("other").context());
    store.put("sibling", bytes("2"), Context.NONE);
    store.delete("gone", store.get("gone").context());
    store.put("new", bytes("1"), Context.NONE);
    Map<String, Versions> changed = store.changed(known);
    assertThat(changed).containsKeys("other", "sibling", "gone", "new");
    changed.forEach((key, versions) -> assertThat(texts(versions)).isEqualTo(values(key)));
    known.replaceAll((key, context) -> Context.NONE);
    assertThat(store.changed(known)).containsKeys("same", "other", "sibling", "new");
  }

  @Test
  void shouldKeepKeysApart() {
    store.put("block/1/60", bytes("a"), Context.NONE);
    Context other = store.get("block/1/60").context();
    store.put("block/1/6", bytes("b"), other);
    store.put("\u00e9\u4e16", bytes("c"), Context.NONE);
    assertThat(values("block/1/60")).containsExactly("a");
    assertThat(values("block/1/6")).containsExactly("b");
    assertThat(values("\u00e9\u4e16")).containsExactly("c");
  }

  @Test
  void shouldKeepLargeAndOddValuesByteForByte() {
    Random random = new Random(5);
    for (int size : new int[] {1, 100, 65_537, 5 << 20}) {
      byte[] value = new byte[size];
      random.nextBytes(value);
      store.put("large", value, store.get("large").context());
      assertThat(store.get("large").values()).hasSize(1);
      assertThat(store.get("large").values().get(0)).isEqualTo(value);
    }
    byte[] zeros = new byte[16];
    store.put("zeros", zeros, Context.NONE);
    assertThat(store.get("zeros").values().get(0)).isEqualTo(zeros);
  }

  @Test
  void shouldRefuseAnEmptyValue() {
    assertThatThrownBy(() -> store.put("k", new byte[0], Context.NONE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldGetManyKeysInTheirOrder() {
    List<String> asked = new ArrayList<>();
    Map<String, String> expected = new LinkedHashMap<>();
    for (int i = 199; i >= 0; i--) {
      String key = "block/" + i % 7 + "/" + i * 60;
      asked.add(key);
      if (i % 3 != 0) {
        store.put(key, bytes("v" + i), Context.NONE);
      }
      expected.put(key, i % 3 != 0 ? "v" + i : "");
    }
    Map<String, Versions> found = store.get(asked);
    assertThat(found.keySet()).containsExactlyElementsOf(asked);
    found.forEach(
        (key, versions) ->
            assertThat(versions.values().stream().map(HistoryStoreContract::text).toList())
                .isEqualTo(expected.get(key).isEmpty() ? List.of() : List.of(expected.get(key))));
    assertThat(store.get(List.of())).isEmpty();
  }

  @Test
  void shouldLoseNothingWhenThreadsUniteTheSameKey() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Boolean>> writers = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        String letter = String.valueOf((char) ('a' + t));
        writers.add(
            () -> {
              for (int i = 0; i < 25; i++) {
                Versions seen = store.get("set");
                Set<String> union = union(seen);
                union.add(letter + i);
                store.put("set", bytes(String.join(" ", union)), seen.context());
              }
              return true;
            });
      }
      for (Future<Boolean> writer : threads.invokeAll(writers)) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
    Set<String> union = union(store.get("set"));
    for (int t = 0; t < 4; t++) {
      for (int i = 0; i < 25; i++) {
        assertThat(union).contains((char) ('a' + t) + "" + i);
      }
    }
  }

  private static Set<String> union(Versions versions) {
    Set<String> union = new TreeSet<>();
    versions.values().forEach(value -> union.addAll(List.of(text(value).split(" "))));
    return union;
  }

  @Test
  void shouldKeepAllWhenOpenedAgain() throws Exception {
    store.put("k", bytes("1"), Context.NONE);
    store.put("k", bytes("2"), Context.NONE);
    Context both = store.get("k").context();
    store.close();
    store = open();
    assertThat(values("k")).containsExactlyInAnyOrder("1", "2");
    store.put("k", bytes("3"), both);
    assertThat(values("k")).containsExactly("3");
  }

  @Test
  void shouldSayThatItIsClosed() {
    assertThat(store.describe()).isNotBlank();
    store.close();
    store.close();
    assertThatThrownBy(() -> store.get("k"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("closed");
  }

  protected final List<String> values(String key) {
    return texts(store.get(key));
  }

  private static List<String> texts(Versions versions) {
    return versions.values().stream().map(HistoryStoreContract::text).toList();
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
