package org.skymetrics.store.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.sqlite.SQLiteErrorCode;

/** What an error of SQLite means to whoever runs Sky. */
final class SqliteFaults {
  private static final int PRIMARY_CODE = 0xff;

  private SqliteFaults() {}

  static StoreException of(Path file, SQLException e) {
    return switch (primary(e)) {
      case SQLITE_FULL ->
          new StoreException(
              Fault.REFUSES_WRITES, file + " can't grow: the disk or its quota is full", e);
      case SQLITE_READONLY ->
          new StoreException(
              Fault.REFUSES_WRITES, file + " is read-only: the process can't write to it", e);
      case SQLITE_CORRUPT ->
          new StoreException(Fault.FOREIGN_CONTENT, file + " is damaged: " + e.getMessage(), e);
      case SQLITE_NOTADB ->
          new StoreException(Fault.FOREIGN_CONTENT, file + " is not an SQLite database", e);
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL ->
          new StoreException(
              Fault.TIMEOUT, file + " is locked by another process and was not let go in time", e);
      case SQLITE_PERM, SQLITE_AUTH ->
          new StoreException(Fault.NOT_ALLOWED, "no right to use " + file, e);
      case SQLITE_CANTOPEN ->
          new StoreException(
              Fault.UNAVAILABLE, file + " can't be opened: is its directory there and ours?", e);
      case SQLITE_IOERR ->
          new StoreException(
              Fault.UNAVAILABLE, file + " can't be read or written: " + e.getMessage(), e);
      default -> new StoreException(Fault.OTHER, file + ": " + e.getMessage(), e);
    };
  }

  static boolean isBusy(SQLException e) {
    SQLiteErrorCode code = primary(e);
    return code == SQLiteErrorCode.SQLITE_BUSY || code == SQLiteErrorCode.SQLITE_LOCKED;
  }

  private static SQLiteErrorCode primary(SQLException e) {
    return SQLiteErrorCode.getErrorCode(e.getErrorCode() & PRIMARY_CODE);
  }
}
