package org.skymetrics.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.key.KeyPattern;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.block.DeletionList;
import org.skymetrics.store.block.KeyList;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore.Versions;

final class KeyDeletionTest {
  private static final int SHARDS = 4;
  private static final Series REQUESTS = new Series(Key.of("requests"), Kind.COUNTER);
  private static final Series CHILD = new Series(Key.of("requests|of 1"), Kind.COUNTER);
  private static final long UNTIL_MS = World.WINDOW_MS + 60_000;

  private final World world = new World();
  private final KeyDeletion deletion = new KeyDeletion(world.history, SHARDS);

  /** All series of the test's batches are in one shard. */
  @BeforeEach
  void fill() {
    world.put(World.batch(World.place(2, 0), 1, 1));
    world.rollup().runOnce();
  }

  private KeyDeletion.Plan plan(String pattern, boolean below) throws CorruptException {
    List<Integer> shards = new ArrayList<>();
    KeyDeletion.Plan plan = deletion.plan(KeyPattern.of(pattern), below, null, shards::add);
    assertThat(shards).containsExactly(1, 2, 3, 4);
    return plan;
  }

  @Test
  void shouldTellWhatWouldGo() throws CorruptException {
    assertThat(plan("*", false).byKind())
        .isEqualTo(Map.of(Kind.COUNTER, 1, Kind.GAUGE, 1, Kind.HISTOGRAM, 1));
    assertThat(plan("requests", true).series()).isEqualTo(Map.of(2, List.of(REQUESTS, CHILD)));
    assertThat(plan("requests|*", false).series()).isEqualTo(Map.of(2, List.of(CHILD)));
    assertThat(plan("nothing*", true).size()).isZero();
    assertThat(world.history.get(DeletionList.historyKey(2)).values()).isEmpty();
  }

  @Test
  void shouldTakeKeysOutUntilTheyAreCountedAgain() throws CorruptException {
    deletion.delete(plan("requests", true), UNTIL_MS, done -> {});

    assertThat(keys()).doesNotContain(REQUESTS, CHILD).hasSize(2);
    assertThat(deletions()).isEqualTo(Map.of(REQUESTS, UNTIL_MS, CHILD, UNTIL_MS));

    // A batch that comes late brings nothing back; one of a later period does.
    world.put(World.batch(World.place(2, 0), 1, 2));
    world.rollup().runOnce();
    assertThat(keys()).doesNotContain(REQUESTS, CHILD);
    world.put(World.batch(World.place(2, 1), 1, 3));
    world.rollup().runOnce();
    assertThat(keys()).contains(REQUESTS, CHILD);
    assertThat(plan("requests", false).size()).isOne();
  }

  @Test
  void shouldPassOverASiblingThatCameBack() throws CorruptException {
    byte[] before = world.history.get(KeyList.historyKey(2)).values().get(0);
    deletion.delete(plan("requests", false), UNTIL_MS, done -> {});
    world.history.put(KeyList.historyKey(2), before, Context.NONE);

    assertThat(plan("requests", false).size()).isZero();
    world.put(World.batch(World.place(2, 0), 1, 9));
    world.rollup().runOnce();
    assertThat(keys()).doesNotContain(REQUESTS).contains(CHILD);
  }

  @Test
  void shouldUniteDeletionsThatWereMadeAtOnce() throws CorruptException {
    Series other = new Series(Key.of("other"), Kind.GAUGE);
    world.history.put(
        DeletionList.historyKey(2),
        DeletionList.empty().with(Map.of(other, 5000L)).toBytes(),
        Context.NONE);
    world.history.put(
        DeletionList.historyKey(2),
        DeletionList.empty().with(Map.of(REQUESTS, UNTIL_MS + 60_000)).toBytes(),
        Context.NONE);

    deletion.delete(
        new KeyDeletion.Plan(new TreeMap<>(Map.of(2, List.of(REQUESTS, CHILD)))),
        UNTIL_MS,
        done -> {});

    Versions versions = world.history.get(DeletionList.historyKey(2));
    assertThat(versions.values()).hasSize(1);
    assertThat(deletions())
        .isEqualTo(Map.of(other, 5000L, REQUESTS, UNTIL_MS + 60_000, CHILD, UNTIL_MS));
  }

  private Set<Series> keys() throws CorruptException {
    return KeyDeletion.keys(world.history.get(KeyList.historyKey(2))).lastSeenMs().keySet();
  }

  private Map<Series, Long> deletions() throws CorruptException {
    return KeyDeletion.deletions(world.history.get(DeletionList.historyKey(2))).untilMs();
  }
}
