package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.Buckets;

final class BucketQueueTest {
  private final BucketQueue queue = new BucketQueue();
  private final List<Integer> taken = new ArrayList<>();

  private void take(int before) {
    queue.take(before, (bucket, n) -> taken.add(bucket));
  }

  @Test
  void shouldGiveWhatWasAddedAndTakeNoMoreThanItHolds() {
    for (int i = 0; i < BucketQueue.MOST; i++) {
      assertThat(queue.add(i % 2 == 0 ? Buckets.MAX - i : i - Buckets.MAX)).isTrue();
    }
    assertThat(queue.add(1)).isFalse();
    take(3);
    assertThat(taken).containsExactly(Buckets.MAX, 1 - Buckets.MAX, Buckets.MAX - 2);
    assertThat(queue.isTaken(3)).isTrue();
    for (int i = 0; i < 3; i++) {
      assertThat(queue.add(i)).isTrue();
    }
    assertThat(queue.add(3)).isFalse();
    take(queue.written());
    assertThat(taken).hasSize(BucketQueue.MOST + 3).endsWith(3 - 4 + 128 - Buckets.MAX, 0, 1, 2);
    assertThat(queue.isTaken(queue.written())).isTrue();
  }

  @Test
  void shouldGiveInOrderWhatOneThreadAddsWhileAnotherTakes() throws InterruptedException {
    int values = 200_000;
    Thread writer =
        new Thread(
            () -> {
              for (int i = 0; i < values; ) {
                if (queue.add(i % 10_000)) {
                  i++;
                } else {
                  Thread.onSpinWait();
                }
              }
            });
    writer.start();
    while (writer.isAlive() || !queue.isTaken(queue.written())) {
      take(queue.written());
    }
    writer.join();
    assertThat(taken).hasSize(values);
    for (int i = 0; i < values; i++) {
      assertThat(taken.get(i)).isEqualTo(i % 10_000);
    }
  }
}
