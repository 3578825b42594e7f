package org.skymetrics.store.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.dashboard.Dashboards.Outcome;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;

/** Dashboards on each history store. */
abstract class DashboardsContract {
  private static final long NOW_MS = 1_700_000_000_000L;

  private HistoryStore history;
  private Dashboards dashboards;

  abstract HistoryStore open();

  @BeforeEach
  void openStore() {
    history = open();
    dashboards = new Dashboards(history);
  }

  @AfterEach
  void closeStore() {
    history.close();
  }

  private static Dashboard of(String title) {
    return Dashboard.of(NOW_MS, title, "{\"charts\":[]}");
  }

  private List<String> titles() {
    return dashboards.read().dashboards().stream().map(Dashboard::title).toList();
  }

  @Test
  void shouldReadWhatItWroteInOrderOfTitle() throws Exception {
    assertThat(titles()).isEmpty();
    Dashboard web = of("web");
    assertThat(dashboards.put(web)).isEqualTo(Outcome.KEPT);
    assertThat(dashboards.put(of("Shop"))).isEqualTo(Outcome.KEPT);
    assertThat(dashboards.put(of("\u00e4mter"))).isEqualTo(Outcome.KEPT);
    assertThat(titles()).containsExactly("Shop", "web", "\u00e4mter");
    assertThat(dashboards.find(web.id())).isEqualTo(web);
    assertThat(dashboards.find("0".repeat(16))).isNull();
  }

  @Test
  void shouldKeepTheIdOfOneThatIsRenamedAndEndOneThatIsDeleted() throws Exception {
    Dashboard first = of("web");
    Dashboard second = first.edit(NOW_MS + 1, "shop", "{}");
    dashboards.put(first);
    assertThat(dashboards.put(second)).isEqualTo(Outcome.KEPT);
    assertThat(titles()).containsExactly("shop");
    assertThat(dashboards.put(second.delete(NOW_MS + 2))).isEqualTo(Outcome.KEPT);
    assertThat(titles()).isEmpty();
    Dashboard end = dashboards.find(first.id());
    assertThat(end).isNotNull();
    assertThat(end.deleted()).isTrue();
    assertThat(end.version()).isEqualTo(3);
  }

  @Test
  void shouldTakeTheSamePutTwiceAsOnce() throws Exception {
    Dashboard web = of("web");
    dashboards.put(web);
    assertThat(dashboards.put(web)).isEqualTo(Outcome.KEPT);
    assertThat(titles()).containsExactly("web");
  }

  @Test
  void shouldTellWhoComesSecond() throws Exception {
    Dashboard first = of("web");
    dashboards.put(first);
    Dashboard mine = first.edit(NOW_MS + 1, "mine", "{}");
    Dashboard other = first.edit(NOW_MS + 1, "other", "{}");
    assertThat(dashboards.put(mine)).isEqualTo(Outcome.KEPT);
    assertThat(dashboards.put(other)).isEqualTo(Outcome.OVERTAKEN);
    assertThat(titles()).containsExactly("mine");
  }

  /** The other writes between this one's reading and writing, as another process may. */
  @Test
  void shouldGiveWayToAnotherThatWroteInTheSameMoment() throws Exception {
    Dashboard first = of("web");
    dashboards.put(first);
    for (String title : List.of("aaa", "zzz")) {
      Dashboard present = dashboards.find(first.id());
      Dashboard mine = present.edit(NOW_MS + 1, "mmm", "{}");
      Dashboard other = present.edit(NOW_MS + 1, title, "{}");
      Dashboards interrupted =
          new Dashboards(
              new InterruptedStore(
                  history, () -> assertThat(dashboards.put(other)).isEqualTo(Outcome.KEPT)));
      assertThat(interrupted.put(mine)).isEqualTo(Outcome.OVERTAKEN);
      assertThat(titles()).containsExactly(title);
    }
    assertThat(history.get(Dashboards.HISTORY_KEY).values()).hasSize(1);
  }

  /** Whoever is told that its version is kept finds it so, however many write at once. */
  @Test
  void shouldNotOvertakeUnseenWhomItToldThatItsVersionIsKept() throws Exception {
    Dashboard first = of("web");
    dashboards.put(first);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      CyclicBarrier together = new CyclicBarrier(2);
      for (int round = 0; round < 20; round++) {
        Dashboard present = dashboards.find(first.id());
        List<Callable<@Nullable String>> writers = new ArrayList<>();
        for (String title : List.of("a" + round, "b" + round)) {
          writers.add(
              () -> {
                together.await();
                Dashboard mine = present.edit(NOW_MS + 1, title, "{}");
                return new Dashboards(history).put(mine) == Outcome.KEPT ? title : null;
              });
        }
        List<String> kept = new ArrayList<>();
        for (Future<@Nullable String> writer : threads.invokeAll(writers)) {
          String title = writer.get();
          if (title != null) {
            kept.add(title);
          }
        }
        assertThat(kept).hasSizeLessThanOrEqualTo(1);
        assertThat(titles()).hasSize(1).containsAll(kept);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void shouldTakeNoMoreThanTheShelfHolds() throws Exception {
    String large = "x".repeat(Dashboard.MAX_CONTENT_BYTES);
    int fit = Dashboards.MAX_ALL / Dashboard.MAX_CONTENT_BYTES;
    Dashboard one = Dashboard.of(NOW_MS, "0", large);
    dashboards.put(one);
    for (int i = 1; i < fit; i++) {
      assertThat(dashboards.put(Dashboard.of(NOW_MS, "" + i, large))).isEqualTo(Outcome.KEPT);
    }
    assertThat(dashboards.put(Dashboard.of(NOW_MS, "more", large))).isEqualTo(Outcome.FULL);
    Dashboard renamed = one.edit(NOW_MS, "renamed", large);
    assertThat(dashboards.put(renamed)).isEqualTo(Outcome.KEPT);
    assertThat(dashboards.put(renamed.delete(NOW_MS))).isEqualTo(Outcome.KEPT);
    assertThat(dashboards.put(Dashboard.of(NOW_MS, "more", large))).isEqualTo(Outcome.KEPT);
  }

  @Test
  void shouldLeaveAShelfThatItCanNotReadAndReadTheRest() throws Exception {
    dashboards.put(of("web"));
    history.put(Dashboards.HISTORY_KEY, new byte[] {1, 2, 3}, Context.NONE);
    assertThat(titles()).containsExactly("web");
    assertThat(dashboards.read().damaged())
        .singleElement()
        .asString()
        .startsWith(Dashboards.HISTORY_KEY + ": ");
    assertThatThrownBy(() -> dashboards.put(of("more"))).isInstanceOf(CorruptException.class);
    assertThat(history.get(Dashboards.HISTORY_KEY).values()).hasSize(2);
  }
}
