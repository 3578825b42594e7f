package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.skymetrics.common.cell.Buckets;
import org.skymetrics.common.cell.HistogramCell;

final class BucketQueueTest {
  private final BucketQueue queue = new BucketQueue();
  private final BucketCounts counts = new BucketCounts();

  /** Of what was taken: how often each bucket. */
  private final Map<Integer, Long> taken = new TreeMap<>();

  private void take(long end) {
    HistogramCell cell = new HistogramCell();
    queue.take(end, cell);
    cell.forEachBucket((bucket, n) -> taken.merge(bucket, n, Long::sum));
  }

  private boolean add(int bucket) {
    return queue.add(bucket) || (queue.findRoom() && queue.add(bucket));
  }

  @Test
  void shouldGiveWhatWasAddedAndTakeNoMoreThanItHolds() {
    for (int i = 0; i < BucketQueue.MOST; i++) {
      assertThat(add(i % 2 == 0 ? Buckets.MAX - i : i - Buckets.MAX)).isTrue();
    }
    assertThat(add(1)).isFalse();
    take(3);
    assertThat(taken.keySet())
        .containsExactlyInAnyOrder(Buckets.MAX, 1 - Buckets.MAX, Buckets.MAX - 2);
    assertThat(queue.isLeft(3)).isFalse();
    for (int i = 0; i < 3; i++) {
      assertThat(add(i)).isTrue();
    }
    assertThat(add(3)).isFalse();
    take(queue.written());
    assertThat(taken).hasSize(BucketQueue.MOST + 3).containsKeys(0, 1, 2).doesNotContainKey(3);
    assertThat(queue.isLeft(queue.written())).isFalse();
  }

  @Test
  void shouldMoveToCountsWhatNobodyTook() {
    for (int i = 0; i < BucketQueue.MOST; i++) {
      add(i);
    }
    take(3);
    assertThat(queue.moveTo(counts, 4)).as("there is one from before").isFalse();
    assertThat(queue.moveTo(counts, 3)).isTrue();
    assertThat(queue.isLeft(queue.written())).isFalse();
    take(queue.written());
    assertThat(taken).containsOnlyKeys(0, 1, 2);
    assertThat(counts.count(2)).isZero();
    for (int i = 3; i < BucketQueue.MOST; i++) {
      assertThat(counts.count(i)).isEqualTo(1);
    }
    for (int i = 0; i < BucketQueue.MOST; i++) {
      assertThat(queue.add(i)).isTrue();
    }
    assertThat(add(1)).isFalse();
  }

  /** Some are moved by who adds them, and some taken: each once, and none not at all. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldLoseNothingWhileOneThreadAddsAndAnotherTakes(boolean moves)
      throws InterruptedException {
    int values = 2_000_000;
    Thread writer =
        new Thread(
            () -> {
              for (int i = 0; i < values; ) {
                if (add(i % 1_000) || (moves && queue.moveTo(counts, 0) && queue.add(i % 1_000))) {
                  i++;
                } else {
                  Thread.onSpinWait();
                }
              }
            });
    writer.start();
    while (writer.isAlive() || queue.isLeft(queue.written())) {
      take(queue.written());
    }
    writer.join();
    for (int i = 0; i < 1_000; i++) {
      assertThat(taken.getOrDefault(i, 0L) + counts.count(i)).isEqualTo(values / 1_000);
    }
    assertThat(counts.count(0) > 0).isEqualTo(moves);
  }
}
