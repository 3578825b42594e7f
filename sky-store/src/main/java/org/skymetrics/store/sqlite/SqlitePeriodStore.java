package org.skymetrics.store.sqlite;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.annotation.AnnotationId;
import org.skymetrics.store.batch.Batch;
import org.skymetrics.store.batch.BatchName;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.period.EntryReader;
import org.skymetrics.store.period.Layout;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.store.period.Posting;

/**
 * The period store in {@code period.db} of a data directory, for the parts of one process. The
 * tables are in docs/storage.md; a put is one transaction, on disk when it returns.
 */
public final class SqlitePeriodStore implements PeriodStore {
  private static final String FILE = "period.db";
  private static final long EXPIRY_EVERY_MS = Duration.ofMinutes(10).toMillis();

  private static final Schema SCHEMA =
      new Schema(
          "period store",
          0x536b7950,
          1,
          List.of(
              "CREATE TABLE layout (id INTEGER PRIMARY KEY CHECK (id = 1),"
                  + " period_ms INTEGER NOT NULL, shards INTEGER NOT NULL)",
              "CREATE TABLE mailbox (id INTEGER PRIMARY KEY, period INTEGER NOT NULL,"
                  + " shard INTEGER NOT NULL, name TEXT NOT NULL, batch BLOB NOT NULL,"
                  + " UNIQUE (period, shard, name))",
              "CREATE TABLE done (period INTEGER NOT NULL, shard INTEGER NOT NULL,"
                  + " name TEXT NOT NULL, written_ms INTEGER NOT NULL,"
                  + " PRIMARY KEY (period, shard, name)) WITHOUT ROWID",
              "CREATE INDEX done_written ON done (written_ms)",
              "CREATE TABLE sums (id INTEGER PRIMARY KEY, period INTEGER NOT NULL,"
                  + " shard INTEGER NOT NULL, written_ms INTEGER NOT NULL, value BLOB NOT NULL,"
                  + " UNIQUE (period, shard))",
              "CREATE INDEX sums_written ON sums (written_ms)",
              "CREATE TABLE gauge (shard INTEGER NOT NULL, key BLOB NOT NULL, rank BLOB NOT NULL,"
                  + " cell BLOB NOT NULL, PRIMARY KEY (shard, key)) WITHOUT ROWID",
              "CREATE TABLE seen (shard INTEGER NOT NULL, kind INTEGER NOT NULL,"
                  + " key BLOB NOT NULL, period INTEGER NOT NULL,"
                  + " PRIMARY KEY (shard, kind, key)) WITHOUT ROWID"));

  /** Made where it is missing: files of before have none. */
  private static final String ANNOTATION_TABLE =
      "CREATE TABLE IF NOT EXISTS annotation (id TEXT PRIMARY KEY, value BLOB NOT NULL)"
          + " WITHOUT ROWID";

  private final SqliteFile file;
  private final Layout layout;
  private final Duration retention;
  private final Clock clock;
  private final StoreCounters counters;
  private final EntryReader entries;
  private final Leases leases;
  // The writer's, who has the file's write lock.
  private long expiredAtMs;
  private @Nullable SeenSeries seen;

  private SqlitePeriodStore(
      SqliteFile file, Layout layout, Duration lateHorizon, Clock clock, StoreCounters counters) {
    this.file = file;
    this.layout = layout;
    this.retention = PeriodStore.retention(lateHorizon);
    this.clock = clock;
    this.counters = counters;
    this.entries = new EntryReader(counters);
    this.leases = new Leases(clock);
  }

  /** {@link #open(Path, Layout, Clock, StoreCounters)} with the clock of the JVM. */
  public static SqlitePeriodStore open(Path dataDir, Layout layout) {
    return open(dataDir, layout, Clock.system(), new StoreCounters());
  }

  /** {@link #open(Path, Layout, Duration, Clock, StoreCounters)} with the usual late horizon. */
  public static SqlitePeriodStore open(
      Path dataDir, Layout layout, Clock clock, StoreCounters counters) {
    return open(dataDir, layout, LATE_HORIZON, clock, counters);
  }

  /**
   * Opens the period store of a data directory, or makes it with this layout. The directory should
   * be locked, see {@link DataDirectory}.
   *
   * @param lateHorizon how old a count may be; what is kept for late ones is kept as long
   * @throws org.skymetrics.store.StoreException with a sentence, also where it was made with
   *     another layout
   */
  public static SqlitePeriodStore open(
      Path dataDir, Layout layout, Duration lateHorizon, Clock clock, StoreCounters counters) {
    SqliteFile file = SqliteFile.open(dataDir, FILE, SCHEMA, counters);
    try {
      Layout stored = file.write(session -> writeOnce(session, layout));
      file.write(
          session -> {
            session.execute(ANNOTATION_TABLE);
            return true;
          });
      layout.requireSame(stored, "the period store " + file.path());
      return new SqlitePeriodStore(file, layout, lateHorizon, clock, counters);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** The layout that the store has, after it was given one where it had none. */
  private static Layout writeOnce(Session session, Layout layout) throws SQLException {
    PreparedStatement insert =
        session.prepare("INSERT OR IGNORE INTO layout (id, period_ms, shards) VALUES (1, ?, ?)");
    insert.setLong(1, layout.period().lengthMs());
    insert.setInt(2, layout.shards());
    insert.executeUpdate();
    int shards = (int) session.number("SELECT shards FROM layout");
    return new Layout(Period.ofMs(session.number("SELECT period_ms FROM layout")), shards);
  }

  @Override
  public Layout layout() {
    return layout;
  }

  /** What this store swallowed, by cause. */
  public StoreCounters storeCounters() {
    return counters;
  }

  /** All batches in one transaction: where it fails, none of them was put. */
  @Override
  public List<PutOutcome> put(List<Batch> batches) {
    List<Posting> postings = new ArrayList<>(batches.size());
    batches.forEach(batch -> postings.add(Posting.of(batch, layout)));
    EnumMap<StoreCounter, Long> events = new EnumMap<>(StoreCounter.class);
    List<PutOutcome> outcomes =
        file.write(
            session -> {
              events.clear();
              List<PutOutcome> each = new ArrayList<>(postings.size());
              for (Posting posting : postings) {
                each.add(put(session, posting, events));
              }
              expire(session);
              return each;
            });
    events.forEach(counters::add);
    return outcomes;
  }

  private PutOutcome put(Session session, Posting posting, Map<StoreCounter, Long> events)
      throws SQLException {
    if (state(session, posting.batch().place(), posting.batch().name()) != BatchState.ABSENT) {
      events.merge(StoreCounter.KNOWN_BATCH, 1L, Long::sum);
      return PutOutcome.KNOWN;
    }
    PreparedStatement mail =
        session.prepare("INSERT INTO mailbox (period, shard, name, batch) VALUES (?, ?, ?, ?)");
    bindPlace(mail, posting.batch().place());
    mail.setString(3, posting.batch().name().toString());
    mail.setBytes(4, posting.batch().bytes());
    mail.executeUpdate();
    addSums(session, posting, events);
    takeGauges(session, posting, events);
    markSeen(session, posting);
    return PutOutcome.TAKEN;
  }

  private void addSums(Session session, Posting posting, Map<StoreCounter, Long> events)
      throws SQLException {
    if (posting.increments().isEmpty()) {
      return;
    }
    ShardPeriod place = posting.batch().place();
    Sums sums = readSums(session, place);
    int refused = sums.add(posting.increments());
    if (refused > 0) {
      events.merge(StoreCounter.REFUSED_INCREMENT, (long) refused, Long::sum);
    }
    PreparedStatement write =
        session.prepare(
            "INSERT INTO sums (period, shard, written_ms, value) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (period, shard)"
                + " DO UPDATE SET written_ms = excluded.written_ms, value = excluded.value");
    bindPlace(write, place);
    write.setLong(3, clock.wallMs());
    write.setBytes(4, sums.toBytes());
    write.executeUpdate();
  }

  /** Damaged sums start again from nothing, and are counted: history does not come from them. */
  private Sums readSums(Session session, ShardPeriod place) throws SQLException {
    PreparedStatement select =
        session.prepare("SELECT value FROM sums WHERE period = ? AND shard = ?");
    bindPlace(select, place);
    try (ResultSet row = select.executeQuery()) {
      return Sums.parse(row.next() ? row.getBytes(1) : null);
    } catch (CorruptException e) {
      counters.increment(StoreCounter.DAMAGED_ENTRY);
      return new Sums();
    }
  }

  private static void takeGauges(Session session, Posting posting, Map<StoreCounter, Long> events)
      throws SQLException {
    PreparedStatement upsert =
        session.prepare(
            "INSERT INTO gauge (shard, key, rank, cell) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (shard, key) DO UPDATE SET rank = excluded.rank,"
                + " cell = excluded.cell WHERE excluded.rank > rank");
    for (Posting.Gauge gauge : posting.gauges()) {
      upsert.setInt(1, posting.batch().place().shard());
      upsert.setBytes(2, gauge.key().toBytes());
      upsert.setBytes(3, gauge.rank());
      upsert.setBytes(4, gauge.cell());
      if (upsert.executeUpdate() == 0) {
        events.merge(StoreCounter.LATE_GAUGE, 1L, Long::sum);
      }
    }
  }

  private void markSeen(Session session, Posting posting) throws SQLException {
    SeenSeries marks = seen;
    if (marks == null || !marks.isOf(session)) {
      marks = new SeenSeries(session, retention, layout.shards());
      seen = marks;
    }
    marks.mark(posting);
  }

  /** Removes sums and done-lists that were last written too long ago; now and then. */
  private void expire(Session session) throws SQLException {
    long now = clock.wallMs();
    if (Math.abs(now - expiredAtMs) < EXPIRY_EVERY_MS) {
      return;
    }
    expiredAtMs = now;
    expire(session, "sums", now - SUMS_RETENTION.toMillis());
    expire(session, "done", now - retention.toMillis());
  }

  private static void expire(Session session, String table, long beforeMs) throws SQLException {
    PreparedStatement delete = session.prepare("DELETE FROM " + table + " WHERE written_ms < ?");
    delete.setLong(1, beforeMs);
    delete.executeUpdate();
  }

  @Override
  public Map<BatchName, BatchState> states(ShardPeriod place, Collection<BatchName> names) {
    return file.read(
        session -> {
          TreeMap<BatchName, BatchState> states = new TreeMap<>();
          for (BatchName name : names) {
            states.put(name, state(session, place, name));
          }
          return states;
        });
  }

  private static BatchState state(Session session, ShardPeriod place, BatchName name)
      throws SQLException {
    PreparedStatement select =
        session.prepare(
            "SELECT EXISTS (SELECT 1 FROM done WHERE period = ?1 AND shard = ?2 AND name = ?3),"
                + " EXISTS (SELECT 1 FROM mailbox WHERE period = ?1 AND shard = ?2 AND name = ?3)");
    bindPlace(select, place);
    select.setString(3, name.toString());
    try (ResultSet row = select.executeQuery()) {
      boolean found = row.next();
      if (found && row.getBoolean(1)) {
        return BatchState.DONE;
      }
      return found && row.getBoolean(2) ? BatchState.WAITING : BatchState.ABSENT;
    }
  }

  @Override
  public SortedSet<ShardPeriod> waiting() {
    return file.read(
        session -> {
          TreeSet<ShardPeriod> waiting = new TreeSet<>();
          PreparedStatement select = session.prepare("SELECT DISTINCT period, shard FROM mailbox");
          try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
              waiting.add(new ShardPeriod(row.getInt(2), row.getLong(1) * 1000));
            }
          }
          return waiting;
        });
  }

  @Override
  public List<Batch> mailbox(ShardPeriod place) {
    return mailbox(place, name -> null);
  }

  /** The names are in the key: no batch is read that is known. */
  @Override
  public List<Batch> mailbox(ShardPeriod place, Function<BatchName, @Nullable Batch> known) {
    return file.read(
        session -> {
          List<Batch> batches = new ArrayList<>();
          for (String name : namesIn(session, place)) {
            Batch read = knownAs(name, known);
            Batch batch = read == null ? readBatch(session, place, name) : read;
            if (batch != null) {
              batches.add(batch);
            }
          }
          return batches;
        });
  }

  private static List<String> namesIn(Session session, ShardPeriod place) throws SQLException {
    PreparedStatement select =
        session.prepare("SELECT name FROM mailbox WHERE period = ? AND shard = ? ORDER BY name");
    bindPlace(select, place);
    List<String> names = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        names.add(row.getString(1));
      }
    }
    return names;
  }

  private static @Nullable Batch knownAs(String text, Function<BatchName, @Nullable Batch> known) {
    try {
      return known.apply(BatchName.parse(text));
    } catch (IllegalArgumentException e) {
      // Whoever wrote it, it is read, and counted as damaged.
      return null;
    }
  }

  private @Nullable Batch readBatch(Session session, ShardPeriod place, String name)
      throws SQLException {
    PreparedStatement select =
        session.prepare("SELECT batch FROM mailbox WHERE period = ? AND shard = ? AND name = ?");
    bindPlace(select, place);
    select.setString(3, name);
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? entries.batch(place, name, row.getBytes(1)) : null;
    }
  }

  @Override
  public void done(ShardPeriod place, Collection<BatchName> names) {
    file.write(
        session -> {
          PreparedStatement delete =
              session.prepare("DELETE FROM mailbox WHERE period = ? AND shard = ? AND name = ?");
          PreparedStatement insert =
              session.prepare(
                  "INSERT OR REPLACE INTO done (period, shard, name, written_ms)"
                      + " VALUES (?, ?, ?, ?)");
          bindPlace(delete, place);
          bindPlace(insert, place);
          insert.setLong(4, clock.wallMs());
          for (BatchName name : names) {
            delete.setString(3, name.toString());
            delete.executeUpdate();
            insert.setString(3, name.toString());
            insert.executeUpdate();
          }
          return names.size();
        });
  }

  @Override
  public Map<Key, Long> counters(ShardPeriod place) {
    return file.read(session -> Collections.unmodifiableMap(readSums(session, place).byKey()));
  }

  @Override
  public Map<Key, GaugeCell> gauges(int shard) {
    return file.read(
        session -> {
          TreeMap<Key, GaugeCell> gauges = new TreeMap<>();
          PreparedStatement select = session.prepare("SELECT key, cell FROM gauge WHERE shard = ?");
          select.setInt(1, shard);
          try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
              Key key = entries.key(row.getBytes(1));
              GaugeCell gauge = key == null ? null : entries.gauge(row.getBytes(2), 0);
              if (key != null && gauge != null) {
                gauges.put(key, gauge);
              }
            }
          }
          return gauges;
        });
  }

  @Override
  public void putAnnotations(Collection<Annotation> annotations) {
    file.write(
        session -> {
          PreparedStatement put =
              session.prepare("INSERT OR REPLACE INTO annotation (id, value) VALUES (?, ?)");
          for (Annotation annotation : annotations) {
            ByteWriter value = new ByteWriter(256);
            annotation.write(value);
            put.setString(1, annotation.id().toString());
            put.setBytes(2, value.toBytes());
            put.executeUpdate();
          }
          return annotations.size();
        });
  }

  @Override
  public List<Annotation> annotations() {
    return file.read(
        session -> {
          List<Annotation> waiting = new ArrayList<>();
          PreparedStatement select = session.prepare("SELECT value FROM annotation ORDER BY id");
          try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
              Annotation annotation = entries.annotation(row.getBytes(1));
              if (annotation != null) {
                waiting.add(annotation);
              }
            }
          }
          return waiting;
        });
  }

  @Override
  public void annotationsDone(Collection<AnnotationId> ids) {
    file.write(
        session -> {
          PreparedStatement delete = session.prepare("DELETE FROM annotation WHERE id = ?");
          for (AnnotationId id : ids) {
            delete.setString(1, id.toString());
            delete.executeUpdate();
          }
          return ids.size();
        });
  }

  @Override
  public Map<Series, Long> seen(int shard) {
    return file.read(
        session -> {
          TreeMap<Series, Long> seen = new TreeMap<>();
          PreparedStatement select =
              session.prepare("SELECT kind, key, period FROM seen WHERE shard = ?");
          select.setInt(1, shard);
          try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
              @Nullable Kind kind = entries.kind(row.getInt(1));
              Key key = kind == null ? null : entries.key(row.getBytes(2));
              if (kind != null && key != null) {
                seen.put(new Series(key, kind), row.getLong(3) * 1000);
              }
            }
          }
          return seen;
        });
  }

  @Override
  public boolean lease(String name, String holder, Duration length) {
    return leases.take(name, holder, length);
  }

  @Override
  public void release(String name, String holder) {
    leases.release(name, holder);
  }

  @Override
  public long clockMs() {
    return clock.wallMs();
  }

  @Override
  public String describe() {
    return "SQLite " + file.path();
  }

  @Override
  public void close() {
    file.close();
  }

  private static void bindPlace(PreparedStatement statement, ShardPeriod place)
      throws SQLException {
    statement.setLong(1, place.startMs() / 1000);
    statement.setInt(2, place.shard());
  }
}
