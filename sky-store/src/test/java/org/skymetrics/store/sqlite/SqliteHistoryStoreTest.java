package org.skymetrics.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStoreContract;
import org.skymetrics.store.period.Layout;

class SqliteHistoryStoreTest extends HistoryStoreContract {
  private final StoreCounters counters = new StoreCounters();

  @TempDir Path directory;

  @Override
  protected HistoryStore open() {
    return SqliteHistoryStore.open(directory, counters);
  }

  @Test
  void shouldBeSharedByTwoThatHaveItOpen() {
    try (HistoryStore other = open()) {
      other.put("k", bytes("1"), Context.NONE);
      store.put("k", bytes("2"), Context.NONE);
      assertThat(other.get("k").values()).hasSize(2);
      other.put("k", bytes("3"), store.get("k").context());
    }
    assertThat(values("k")).containsExactly("3");
    assertThat(counters.get(StoreCounter.SIBLINGS)).isEqualTo(2);
  }

  @Test
  void shouldTellWhatAnyoneChangedSinceItAskedLast() {
    try (HistoryStore other = open()) {
      store.put("k", bytes("1"), Context.NONE);
      for (HistoryStore writer : List.of(store, other)) {
        Map<String, Context> known = Map.of("k", store.get("k").context(), "new", Context.NONE);
        assertThat(store.changed(known)).isEmpty();
        assertThat(store.changed(known)).isEmpty();
        writer.put("k", bytes("2"), store.get("k").context());
        assertThat(store.changed(known)).containsOnlyKeys("k");
        writer.put("new", bytes("3"), Context.NONE);
        assertThat(store.changed(known)).containsOnlyKeys("k", "new");
        writer.delete("new", store.get("new").context());
        assertThat(store.changed(known)).containsOnlyKeys("k");
      }
    }
  }

  @Test
  void shouldBeMadeOnceWhenManyOpenItAtTheSameTime() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      for (int round = 0; round < 8; round++) {
        Path fresh = directory.resolve("round" + round);
        List<Callable<Integer>> openers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          openers.add(
              () -> {
                try (HistoryStore opened = SqliteHistoryStore.open(fresh)) {
                  opened.put("k", bytes("x"), Context.NONE);
                  return 1;
                }
              });
        }
        int opened = 0;
        for (Future<Integer> one : threads.invokeAll(openers)) {
          opened += one.get();
        }
        try (HistoryStore all = SqliteHistoryStore.open(fresh)) {
          assertThat(all.get("k").values()).hasSize(opened);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void shouldRefuseAContextOfAnotherStore() {
    assertThatThrownBy(() -> store.put("k", bytes("1"), new Context(new byte[3])))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(values("k")).isEmpty();
  }

  @Test
  void shouldNotOpenAPeriodStore() throws Exception {
    Path other = directory.resolve("other");
    SqlitePeriodStore.open(other, new Layout(Period.ONE_MINUTE, 1)).close();
    java.nio.file.Files.move(other.resolve("period.db"), other.resolve("history.db"));
    assertThatThrownBy(() -> SqliteHistoryStore.open(other))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("not a history store");
    assertThat(store.get(List.of("k")).get("k").values()).isEmpty();
  }
}
