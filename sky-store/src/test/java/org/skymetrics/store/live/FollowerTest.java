package org.skymetrics.store.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.live.Follower.Told;

/** The book of seconds, who is told of it, and the messages between. */
class FollowerTest {
  private static final int MUCH = 1 << 20;
  private static final Series A = new Series(Key.of("a"), Kind.COUNTER);
  private static final Series B = new Series(Key.of("b|c"), Kind.COUNTER);

  private final SecondBook book = new SecondBook(1 << 20);
  private final Follower follower = new Follower();
  private long version;

  private static CounterCell counter(long n) {
    CounterCell cell = new CounterCell();
    cell.add(n);
    return cell;
  }

  private static long value(byte[] cell) {
    return CounterCell.read(new ByteReader(cell)).sum();
  }

  /** What is told, through bytes and back, as values by second and series. */
  private static Map<List<Object>, Long> values(Told told) throws CorruptException {
    Map<List<Object>, Long> values = new HashMap<>();
    SecondMessage.parse(SecondMessage.toBytes(told))
        .seconds()
        .forEach(
            second ->
                second
                    .items()
                    .forEach(
                        item ->
                            values.put(
                                List.of(second.time(), item.series()), value(item.bytes()))));
    return values;
  }

  private void count(long second, Series series, long n) {
    book.merge(second, series, counter(n), ++version);
  }

  private Told next(long to, int maxBytes) {
    book.advance(to);
    return follower.next(book, to, version, maxBytes);
  }

  @Test
  void shouldTellEachSecondOnceAndAgainWhereMoreCame() throws CorruptException {
    book.keep(A, 100);
    follower.watch(A, 0);
    Told first = next(100, MUCH);
    assertThat(first.kept()).containsOnly(Map.entry(A, 100L));
    assertThat(first.from()).isEqualTo(100);

    count(100, A, 5);
    count(100, B, 7);
    Told second = next(101, MUCH);
    assertThat(values(second)).containsOnly(Map.entry(List.of(100L, A), 5L));
    assertThat(second.from()).isEqualTo(100);
    assertThat(second.kept()).isEmpty();

    count(100, A, 3);
    count(101, A, 1);
    assertThat(values(next(102, MUCH)))
        .containsOnly(Map.entry(List.of(100L, A), 8L), Map.entry(List.of(101L, A), 1L));
    assertThat(values(next(103, MUCH))).isEmpty();
  }

  @Test
  void shouldTellFromWhereItIsKeptOrWanted() throws CorruptException {
    book.keep(A, 100);
    count(99, A, 1);
    count(100, A, 2);
    count(105, A, 4);
    follower.watch(A, 103);
    follower.watch(B, 0);
    Told told = next(110, MUCH);
    assertThat(told.kept()).containsOnly(Map.entry(A, 103L));
    assertThat(values(told)).containsOnly(Map.entry(List.of(105L, A), 4L));
    follower.watch(A, 0);
    Told again = next(110, MUCH);
    assertThat(again.kept()).as("B is not kept").containsOnly(Map.entry(A, 100L));
    assertThat(values(again))
        .as("99 was not whole")
        .containsOnly(Map.entry(List.of(100L, A), 2L), Map.entry(List.of(105L, A), 4L));
    assertThat(follower.unwatch(A)).isTrue();
    assertThat(follower.unwatch(A)).isFalse();
    count(110, A, 1);
    assertThat(values(next(111, MUCH))).isEmpty();
    assertThat(follower.size()).isEqualTo(1);
  }

  @Test
  void shouldLeaveOutTheOldestWhereItIsTooMuchAndSaySo() throws CorruptException {
    book.keep(A, 100);
    follower.watch(A, 0);
    next(100, MUCH);
    for (int s = 100; s < 110; s++) {
      count(s, A, s);
    }
    int bytes = 2 * 2;
    Told told = next(110, bytes);
    assertThat(values(told)).containsOnlyKeys(List.of(List.of(108L, A), List.of(109L, A)));
    assertThat(told.from()).isEqualTo(108);
    assertThat(values(next(111, bytes))).isEmpty();
  }

  @Test
  void shouldForgetTheOldestSecondsForTimeAndSize() {
    book.keep(A, 1);
    count(1, A, 1);
    count(700, A, 1);
    assertThat(book.advance(601)).isZero();
    assertThat(book.item(1, A)).isNotNull();
    assertThat(book.advance(602)).isZero();
    assertThat(book.item(1, A)).isNull();
    assertThat(book.keptFrom(A)).isEqualTo(2);

    SecondBook small = new SecondBook(1000);
    small.keep(A, 1);
    for (int s = 1; s <= 20; s++) {
      small.merge(s, A, counter(s), s);
    }
    assertThat(small.advance(21)).isPositive();
    assertThat(small.bytes()).isLessThanOrEqualTo(1000);
    assertThat(small.item(20, A)).isNotNull();
    assertThat(small.keptFrom(A)).isBetween(2L, 20L);
    small.drop(A);
    assertThat(small.bytes()).isZero();
    assertThat(small.keptFrom(A)).isNull();
  }

  @Test
  void shouldBeginAnewWhereTheClockWasSetBack() throws CorruptException {
    book.keep(A, 100);
    follower.watch(A, 0);
    count(200, A, 9);
    next(201, MUCH);
    book.restart(150, 151);
    count(150, A, 1);
    count(151, A, 2);
    Told told = next(152, MUCH);
    assertThat(told.from()).isEqualTo(152);
    assertThat(values(told)).containsOnly(Map.entry(List.of(151L, A), 2L));
  }

  /**
   * However many messages are left out, who replaces what he is told has in the end what is there.
   */
  @Property(tries = 100)
  void shouldBringAnyReaderToTheSameSeconds(@ForAll Random random) throws CorruptException {
    SecondBook source = new SecondBook(MUCH);
    Follower reader = new Follower();
    Map<List<Object>, Long> read = new HashMap<>();
    Map<List<Object>, Long> counted = new HashMap<>();
    for (Series series : List.of(A, B)) {
      source.keep(series, 1000);
      reader.watch(series, 0);
    }
    long now = 1000;
    for (int v = 1; v <= 60; v++) {
      for (int i = random.nextInt(4); i > 0; i--) {
        Series series = random.nextBoolean() ? A : B;
        long second = Math.max(1000, now - random.nextInt(30));
        source.merge(second, series, counter(i), v);
        counted.merge(List.of(second, series), (long) i, Long::sum);
      }
      now++;
      source.advance(now);
      if (random.nextInt(3) == 0 || v == 60) {
        read.putAll(values(reader.next(source, now, v, MUCH)));
      }
    }
    assertThat(read).isEqualTo(counted);
  }

  @Test
  void shouldReadRequestsAndRefuseNonsense() throws CorruptException {
    WatchRequest request = new WatchRequest(List.of(A, B), List.of(B), 17);
    byte[] bytes = request.toBytes();
    assertThat(WatchRequest.parse(bytes)).isEqualTo(request);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> WatchRequest.parse(cut)).isInstanceOf(CorruptException.class);
    }
    assertThatThrownBy(() -> WatchRequest.parse(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(CorruptException.class);
  }

  @Property(tries = 500)
  void shouldNeverThrowAnythingElseAtNonsense(@ForAll byte[] nonsense, @ForAll Random random) {
    book.keep(A, 1);
    follower.watch(A, 0);
    count(1, A, 300);
    byte[] message = SecondMessage.toBytes(next(2, MUCH));
    message[random.nextInt(message.length)] ^= (byte) (1 << random.nextInt(8));
    for (byte[] bytes : List.of(nonsense, message)) {
      try {
        SecondMessage.parse(bytes).seconds().forEach(s -> assertThat(s.items()).hasSize(1));
        WatchRequest.parse(bytes);
      } catch (CorruptException e) {
        assertThat(e).hasMessageStartingWith("no ");
      }
    }
  }

  @Test
  void shouldKeepWhatNobodyWatchesForTenMinutes() {
    Watchers watchers = new Watchers(2);
    assertThat(watchers.add(A)).isTrue();
    assertThat(watchers.add(A)).isFalse();
    assertThat(watchers.add(B)).isTrue();
    assertThat(watchers.hasRoom()).isFalse();
    assertThat(watchers.evict(0)).isNull();
    watchers.remove(A, 0);
    assertThat(watchers.expire(Watchers.KEPT.toNanos())).isEmpty();
    watchers.remove(A, 5);
    watchers.remove(B, 7);
    assertThat(watchers.expire(Watchers.KEPT.toNanos() + 4)).isEmpty();
    assertThat(watchers.expire(Watchers.KEPT.toNanos() + 5)).containsExactly(A);
    assertThat(watchers.evict(100)).isEqualTo(B);
    assertThat(watchers.series()).isEmpty();
  }

  @Test
  void shouldLimitMessages() {
    MessageLimit limit = new MessageLimit(0);
    for (int i = 0; i < MessageLimit.MAX_MESSAGES; i++) {
      assertThat(limit.takes(i)).isTrue();
    }
    assertThat(limit.takes(9_999_999_999L)).isFalse();
    assertThat(limit.takes(10_000_000_000L)).isTrue();
  }
}
