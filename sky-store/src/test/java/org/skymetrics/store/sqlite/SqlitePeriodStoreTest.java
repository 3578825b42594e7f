package org.skymetrics.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.skymetrics.store.Samples.PLACE;
import static org.skymetrics.store.Samples.batch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.store.Samples;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.period.PeriodStore.BatchState;
import org.skymetrics.store.period.PeriodStoreContract;

class SqlitePeriodStoreTest extends PeriodStoreContract {
  private final ManualClock clock = new ManualClock(Samples.START_MS);

  @TempDir Path directory;

  @Override
  protected PeriodStore open(Layout layout) {
    return SqlitePeriodStore.open(directory, layout, clock, counters);
  }

  @Override
  protected PeriodStore wipe(PeriodStore wiped) throws IOException {
    wiped.close();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    return open(LAYOUT);
  }

  @Override
  protected void pass(Duration time) {
    clock.advance(time);
  }

  @Override
  protected void damage(ShardPeriod place, String name, byte[] bytes) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO mailbox (period, shard, name, batch) VALUES (?, ?, ?, ?)")) {
      insert.setLong(1, place.startMs() / 1000);
      insert.setInt(2, place.shard());
      insert.setString(3, name);
      insert.setBytes(4, bytes);
      insert.executeUpdate();
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("period.db"));
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection = connect()) {
      connection.createStatement().execute(statement);
    }
  }

  @Test
  void shouldExpireSumsAndDoneListsButNeverAMailbox() {
    store.put(List.of(batch(1, "a", 1), batch(2, "a", 1)));
    store.done(PLACE, List.of(batch(1, "a", 1).name()));
    Batch other = batch(new ShardPeriod(0, Samples.START_MS), 1, java.util.Map.of());
    clock.advance(PeriodStore.SUMS_RETENTION.plusSeconds(1));
    store.put(List.of(other));
    assertThat(store.counters(PLACE)).isEmpty();
    assertThat(store.states(PLACE, List.of(batch(1, "a", 1).name())).values())
        .containsExactly(BatchState.DONE);
    clock.advance(
        PeriodStore.retention(PeriodStore.LATE_HORIZON).minus(PeriodStore.SUMS_RETENTION));
    store.put(List.of(other));
    assertThat(store.mailbox(PLACE)).hasSize(1);
    assertThat(store.states(PLACE, List.of(batch(1, "a", 1).name())).values())
        .containsExactly(BatchState.ABSENT);
  }

  @Test
  void shouldKeepDoneListsForAsLongAsTheirPeriodCanGetLateBatches() {
    BatchName name = batch(1, "a", 1).name();
    Path other = directory.resolve("long");
    try (SqlitePeriodStore patient =
        SqlitePeriodStore.open(other, LAYOUT, Duration.ofDays(7), clock, counters)) {
      patient.done(PLACE, List.of(name));
      clock.advance(Duration.ofDays(8));
      patient.put(List.of(batch(new ShardPeriod(0, Samples.START_MS), 1, java.util.Map.of())));
      assertThat(patient.states(PLACE, List.of(name))).containsEntry(name, BatchState.DONE);
      clock.advance(Duration.ofSeconds(3601));
      patient.put(List.of(batch(new ShardPeriod(0, Samples.START_MS), 2, java.util.Map.of())));
      assertThat(patient.states(PLACE, List.of(name))).containsEntry(name, BatchState.ABSENT);
    }
  }

  @Test
  void shouldNotReadABatchThatIsKnown() throws SQLException {
    Batch kept = batch(1, "a", 1);
    store.put(List.of(kept, batch(2, "a", 2)));
    sql("UPDATE mailbox SET batch = x'00'");
    assertThat(store.mailbox(PLACE, name -> name.equals(kept.name()) ? kept : null))
        .containsExactly(kept);
    assertThat(counters.get(StoreCounter.DAMAGED_BATCH)).isEqualTo(1);
  }

  @Test
  void shouldStartDamagedSumsAnewAndCountThem() throws SQLException {
    store.put(List.of(batch(1, "a", 1)));
    sql("UPDATE sums SET value = x'00'");
    assertThat(store.counters(PLACE)).isEmpty();
    store.put(List.of(batch(2, "a", 2)));
    assertThat(store.counters(PLACE).values()).containsExactly(2L);
    assertThat(counters.get(StoreCounter.DAMAGED_ENTRY)).isEqualTo(2);
  }

  @Test
  void shouldSayWhenTheDiskIsFullAndGoOnAfterwards() throws SQLException {
    SqliteFile file =
        SqliteFile.open(
            directory.resolve("full"),
            "t.db",
            new Schema("table", 77, 1, List.of("CREATE TABLE t (v BLOB)")),
            counters);
    file.write(
        session -> {
          session.execute("PRAGMA max_page_count = 20");
          return true;
        });
    assertThatThrownBy(() -> insert(file, 1 << 20))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("full")
        .extracting(e -> ((StoreException) e).fault())
        .isEqualTo(Fault.REFUSES_WRITES);
    insert(file, 10);
    assertThat(file.<Long>read(session -> session.number("SELECT count(*) FROM t"))).isEqualTo(1);
    file.close();
  }

  private static void insert(SqliteFile file, int bytes) {
    file.write(
        session -> {
          session.execute("INSERT INTO t VALUES (zeroblob(" + bytes + "))");
          return true;
        });
  }

  @Test
  void shouldSayThatAFileIsReadOnly() {
    assertThatThrownBy(
            () ->
                SqliteFile.open(
                        directory.resolve("ro"),
                        "t.db",
                        new Schema("table", 77, 1, List.of("CREATE TABLE t (v BLOB)")),
                        counters)
                    .read(
                        session -> {
                          session.execute("INSERT INTO t VALUES (1)");
                          return true;
                        }))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("read-only")
        .extracting(e -> ((StoreException) e).fault())
        .isEqualTo(Fault.REFUSES_WRITES);
  }

  @Test
  void shouldRefuseFilesThatAreNotItsOwn() throws Exception {
    store.close();
    refuses("another Sky's", "of version 99", () -> sql("PRAGMA user_version = 99"));
    refuses("someone else's", "not a period store", () -> sql("PRAGMA application_id = 4711"));
    refuses(
        "no database",
        "not an SQLite database",
        () -> Files.writeString(directory.resolve("period.db"), "no database at all\n".repeat(99)));
    refuses(
        "damaged",
        "damaged",
        () -> {
          Files.delete(directory.resolve("period.db"));
          open(LAYOUT).close();
          byte[] bytes = Files.readAllBytes(directory.resolve("period.db"));
          java.util.Arrays.fill(bytes, 100, bytes.length, (byte) 0x5a);
          Files.write(directory.resolve("period.db"), bytes);
        });
    store = wipe(store);
  }

  private interface Damage {
    void run() throws Exception;
  }

  private void refuses(String what, String sentence, Damage damage) throws Exception {
    damage.run();
    assertThatThrownBy(() -> open(LAYOUT))
        .as(what)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(sentence)
        .hasMessageContaining("period.db")
        .extracting(e -> ((StoreException) e).fault())
        .isEqualTo(Fault.FOREIGN_CONTENT);
  }

  @Test
  void shouldSayThatTheDirectoryCanNotBeMade() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> SqlitePeriodStore.open(file.resolve("below"), LAYOUT))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file.toString());
  }
}
