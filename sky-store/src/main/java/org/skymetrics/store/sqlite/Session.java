package org.skymetrics.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** One connection to an SQLite file and its prepared statements. Used by one thread at a time. */
final class Session implements AutoCloseable {
  private static final int MAX_FOUND = 10_000;

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  /** What was found by key, in the file as it was at {@link #version}. */
  private final Map<String, byte[]> found = new HashMap<>();

  private long version = -1;

  Session(Connection connection) {
    this.connection = connection;
  }

  /** The statement of this text, made once and reused. */
  PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    return statement;
  }

  /** Runs work that only reads in a transaction of its own. */
  <T> T onOneState(SqliteFile.Work<T> work) throws SQLException {
    prepare("BEGIN").execute();
    T result = work.on(this);
    prepare("COMMIT").execute();
    return result;
  }

  /**
   * What was found by key since another connection changed the file, to be added to in a
   * transaction that only reads. While nobody writes, a question that was asked before costs no
   * look into the file.
   */
  Map<String, byte[]> found() throws SQLException {
    long now;
    try (ResultSet row = prepare("PRAGMA data_version").executeQuery()) {
      now = row.next() ? row.getLong(1) : -1;
    }
    if (now != version || found.size() > MAX_FOUND) {
      found.clear();
      version = now;
    }
    return found;
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the only row, as a number. */
  long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
