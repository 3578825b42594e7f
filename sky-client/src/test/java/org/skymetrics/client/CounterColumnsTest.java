package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.Kind;

final class CounterColumnsTest {
  private final Registry registry =
      new Registry(100, false, new Mishaps(), new SourceFactory(new Epoch(), () -> 0));

  private CounterColumn open(CounterColumns columns, String name) {
    Registry.Place place = registry.place(name, Kind.COUNTER);
    return columns.open(name, Objects.requireNonNull(place).entry(), registry);
  }

  @Test
  void shouldLetAPlaceAnewAndTellOnlyWhatIsNew() {
    shouldLetAPlaceAnew(new CounterColumns(new ThreadTables(false)));
  }

  @Test
  void shouldLetAPlaceAnewThatThreadsShare() {
    shouldLetAPlaceAnew(new CounterColumns(new ThreadTables(true)));
  }

  private void shouldLetAPlaceAnew(CounterColumns columns) {
    CounterColumn first = open(columns, "a|1");
    columns.put("a", 1, first);
    columns.put("a", "1", first);
    first.add(5);
    assertThat(first.take()).isEqualTo(5);

    assertThat(first.retire()).isTrue();
    assertThat(columns.find("a|1")).isNull();
    columns.purge();
    assertThat(columns.places().find("a|1")).isEqualTo(NameTable.MISSING);
    assertThat(columns.pairs().find("a", 1)).isEqualTo(NameTable.MISSING);
    assertThat(columns.pairs().find("a", "1")).isEqualTo(NameTable.MISSING);
    // A thread that was on its way to the table of pairs when the counter was retired.
    columns.put("a", 1, first);
    assertThat(columns.pairs().find("a", 1)).isEqualTo(NameTable.MISSING);
    // And one that was on its way to the total.
    first.add(2);
    assertThat(first.take()).isEqualTo(2);
    CounterColumn between = open(columns, "a|1");
    assertThat(between.place).isNotEqualTo(first.place);

    first.end();
    CounterColumn second = open(columns, "b");
    assertThat(second.place).isEqualTo(first.place);
    assertThat(second.take()).isZero();
    second.add(3);
    assertThat(second.take()).isEqualTo(3);
    assertThat(between.take()).isZero();
    assertThat(columns.accepted()).isEqualTo(10);
  }

  @Test
  void shouldGiveAThreadItsOwnTableWhateverIdItSays() throws InterruptedException {
    ThreadTables tables = new ThreadTables(false);
    ThreadTable mine = Objects.requireNonNull(tables.mine());
    assertThat(ThreadTables.of(tables.atHand())).isSameAs(mine);
    long id = Thread.currentThread().getId();
    ThreadTable[] theirs = new ThreadTable[2];
    Thread other =
        new Thread(
            () -> {
              theirs[0] = tables.mine();
              theirs[1] = ThreadTables.of(tables.atHand());
            }) {
          @Override
          @SuppressWarnings("deprecation")
          public long getId() {
            return id;
          }
        };
    other.start();
    other.join();
    assertThat(theirs[0]).isNotSameAs(mine);
    assertThat(theirs[1].add(0, 1)).isFalse();
    assertThat(ThreadTables.of(tables.atHand())).isSameAs(mine);

    tables.release();
    Thread next = new Thread(() -> theirs[1] = tables.mine());
    next.start();
    next.join();
    assertThat(theirs[1]).as("the table of the thread that ended").isSameAs(theirs[0]);
    assertThat(tables.all()).hasSize(2);
  }
}
