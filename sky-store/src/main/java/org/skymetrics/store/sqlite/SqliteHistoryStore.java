package org.skymetrics.store.sqlite;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.store.StoreCounter;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;

/**
 * History in {@code history.db} of a data directory. Several processes of one host may have it open
 * at the same time. A row is a sibling; a context is the ids of the rows that a reader has seen,
 * and ids are never used twice.
 */
public final class SqliteHistoryStore implements HistoryStore {
  /** The name of the file in its directory. */
  public static final String FILE = "history.db";

  private static final Schema SCHEMA =
      new Schema(
          "history store",
          0x536b7948,
          1,
          List.of(
              "CREATE TABLE sibling (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL,"
                  + " value BLOB NOT NULL)",
              "CREATE INDEX sibling_key ON sibling (key)"));

  private final SqliteFile file;
  private final StoreCounters counters;

  private SqliteHistoryStore(SqliteFile file, StoreCounters counters) {
    this.file = file;
    this.counters = counters;
  }

  /** {@link #open(Path, StoreCounters)} with counters of its own. */
  public static SqliteHistoryStore open(Path dataDir) {
    return open(dataDir, new StoreCounters());
  }

  /**
   * Opens the history of a data directory, or makes it.
   *
   * @throws org.skymetrics.store.StoreException with a sentence
   */
  public static SqliteHistoryStore open(Path dataDir, StoreCounters counters) {
    return new SqliteHistoryStore(SqliteFile.open(dataDir, FILE, SCHEMA, counters), counters);
  }

  /** What this store swallowed, by cause. */
  public StoreCounters storeCounters() {
    return counters;
  }

  @Override
  public Versions get(String key) {
    return file.read(session -> get(session, key));
  }

  @Override
  public Map<String, Versions> get(Collection<String> keys) {
    return file.read(
        session -> {
          Map<String, Versions> all = new LinkedHashMap<>();
          for (String key : keys) {
            all.put(key, get(session, key));
          }
          return all;
        });
  }

  /**
   * A row never changes, and its id is in the index: no value is read that is known. Where all was
   * found before, and is as it is known, one statement tells so: that nobody wrote since.
   */
  @Override
  public Map<String, Versions> changed(Map<String, Context> known) {
    return file.lookAt(
        session ->
            isAsFound(session.found(), known)
                ? Map.of()
                : session.onOneState(s -> changed(s, known)));
  }

  private static boolean isAsFound(Map<String, byte[]> found, Map<String, Context> known) {
    for (Map.Entry<String, Context> entry : known.entrySet()) {
      byte[] ids = found.get(entry.getKey());
      if (ids == null || !Arrays.equals(ids, entry.getValue().toBytes())) {
        return false;
      }
    }
    return true;
  }

  private Map<String, Versions> changed(Session session, Map<String, Context> known)
      throws SQLException {
    Map<String, Versions> changed = new LinkedHashMap<>();
    Map<String, byte[]> found = session.found();
    for (Map.Entry<String, Context> entry : known.entrySet()) {
      byte[] ids = found.get(entry.getKey());
      if (ids == null) {
        ids = ids(session, entry.getKey());
        found.put(entry.getKey(), ids);
      }
      if (!Arrays.equals(ids, entry.getValue().toBytes())) {
        changed.put(entry.getKey(), get(session, entry.getKey()));
      }
    }
    return changed;
  }

  private static byte[] ids(Session session, String key) throws SQLException {
    PreparedStatement select = session.prepare("SELECT id FROM sibling WHERE key = ? ORDER BY id");
    select.setString(1, key);
    ByteWriter ids = new ByteWriter(8);
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        ids.u64(row.getLong(1));
      }
    }
    return ids.toBytes();
  }

  private Versions get(Session session, String key) throws SQLException {
    PreparedStatement select =
        session.prepare("SELECT id, value FROM sibling WHERE key = ? ORDER BY id");
    select.setString(1, key);
    List<byte[]> values = new ArrayList<>(1);
    ByteWriter ids = new ByteWriter(8);
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        ids.u64(row.getLong(1));
        values.add(row.getBytes(2));
      }
    }
    if (values.size() > 1) {
      counters.increment(StoreCounter.SIBLINGS);
    }
    return new Versions(values, values.isEmpty() ? Context.NONE : new Context(ids.toBytes()));
  }

  @Override
  public void put(String key, byte[] value, Context context) {
    if (value.length == 0) {
      throw new IllegalArgumentException("the value of " + key + " is empty");
    }
    file.write(
        session -> {
          remove(session, key, context);
          PreparedStatement insert =
              session.prepare("INSERT INTO sibling (key, value) VALUES (?, ?)");
          insert.setString(1, key);
          insert.setBytes(2, value);
          return insert.executeUpdate();
        });
  }

  @Override
  public void delete(String key, Context context) {
    file.write(session -> remove(session, key, context));
  }

  private static int remove(Session session, String key, Context context) throws SQLException {
    byte[] bytes = context.toBytes();
    if (bytes.length % 8 != 0) {
      throw new IllegalArgumentException("a context of another store was given for " + key);
    }
    int removed = 0;
    PreparedStatement delete = session.prepare("DELETE FROM sibling WHERE id = ? AND key = ?");
    for (ByteReader ids = new ByteReader(bytes); ids.remaining() > 0; ) {
      delete.setLong(1, ids.u64());
      delete.setString(2, key);
      removed += delete.executeUpdate();
    }
    return removed;
  }

  @Override
  public String describe() {
    return "SQLite " + file.path();
  }

  @Override
  public void close() {
    file.close();
  }
}
