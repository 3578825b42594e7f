package org.skymetrics.store.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;

/**
 * What an SQLite file of Sky must hold: it says so itself, by application_id and user_version.
 *
 * @param what the file, to an operator
 * @param applicationId four letters, as the number that {@code PRAGMA application_id} gives
 * @param statements that make the tables
 */
record Schema(String what, int applicationId, int version, List<String> statements) {
  Schema {
    statements = List.copyOf(statements);
  }

  /**
   * Makes the tables where the file is new. Where this throws, the session is to be closed, which
   * rolls back.
   *
   * @throws StoreException where it is something else's, or of another version
   */
  void ensure(Session session, Path file) throws SQLException {
    // In a transaction too: another process may be making the tables between two reads.
    if (inTransaction(session, "BEGIN", () -> isCurrent(session, file))) {
      return;
    }
    session.execute("PRAGMA journal_mode = WAL");
    inTransaction(
        session,
        "BEGIN IMMEDIATE",
        () -> {
          if (isCurrent(session, file)) {
            return false;
          }
          for (String statement : statements) {
            session.execute(statement);
          }
          session.execute("PRAGMA application_id = " + applicationId);
          session.execute("PRAGMA user_version = " + version);
          return true;
        });
  }

  private interface Step {
    boolean run() throws SQLException;
  }

  private static boolean inTransaction(Session session, String begin, Step step)
      throws SQLException {
    session.execute(begin);
    boolean result = step.run();
    session.execute("COMMIT");
    return result;
  }

  /** True where the file is of this schema, false where it is new. */
  private boolean isCurrent(Session session, Path file) throws SQLException {
    long id = session.number("PRAGMA application_id");
    long found = session.number("PRAGMA user_version");
    if (id == applicationId) {
      if (found != version) {
        throw new StoreException(
            Fault.FOREIGN_CONTENT,
            file + " is a " + what + " of version " + found + ", this Sky knows " + version);
      }
      return true;
    }
    if (id != 0 || found != 0 || session.number("SELECT count(*) FROM sqlite_schema") != 0) {
      throw new StoreException(
          Fault.FOREIGN_CONTENT, file + " is an SQLite database, but not a " + what + " of Sky");
    }
    return false;
  }
}
