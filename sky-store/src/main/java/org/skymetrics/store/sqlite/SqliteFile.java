package org.skymetrics.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.StoreCounters;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.sqlite.SQLiteConfig;

/**
 * An SQLite file in WAL mode with one connection that writes and a few that read; a commit is on
 * disk when it returns (synchronous = FULL). Other processes may have the file too: SQLite's own
 * locks and a busy timeout guard it.
 *
 * <p>A connection that met an error is closed, and another is opened by the next call: so a full
 * disk or a broken mount heals by itself.
 */
final class SqliteFile implements AutoCloseable {
  private static final int BUSY_TIMEOUT_MS = 10_000;
  private static final int MAX_KEPT_WAL_BYTES = 64 << 20;
  private static final int READERS = 4;
  private static final long OPEN_RETRY_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Path file;
  private final Schema schema;
  private final StoreCounters counters;
  private final ReentrantLock writing = new ReentrantLock();
  private @Nullable Session writer;
  private final Semaphore reading = new Semaphore(READERS);
  private final ArrayDeque<Session> idleReaders = new ArrayDeque<>();
  private volatile boolean closed;

  private SqliteFile(Path file, Schema schema, StoreCounters counters) {
    this.file = file;
    this.schema = schema;
    this.counters = counters;
  }

  /** What is done with a session inside one transaction. */
  @FunctionalInterface
  interface Work<T> {
    T on(Session session) throws SQLException;
  }

  /** Opens the file, making it and its directory where they are not there. */
  static SqliteFile open(Path directory, String name, Schema schema, StoreCounters counters) {
    Path file = directory.resolve(name);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new StoreException(
          Fault.UNAVAILABLE, "the data directory " + directory + " can't be made: " + e, e);
    }
    SqliteFile opened = new SqliteFile(file, schema, counters);
    try {
      opened.write(session -> true);
      return opened;
    } catch (StoreException e) {
      opened.close();
      throw e;
    }
  }

  /** Runs work in a transaction of its own: all of it is on disk when this returns, or none. */
  <T> T write(Work<T> work) {
    writing.lock();
    try {
      Session session = writer();
      boolean good = false;
      try {
        session.execute("BEGIN IMMEDIATE");
        T result = work.on(session);
        session.execute("COMMIT");
        good = true;
        return result;
      } catch (SQLException e) {
        throw failed(e);
      } finally {
        if (!good) {
          writer = null;
          discard(session);
        }
      }
    } finally {
      writing.unlock();
    }
  }

  /** Runs work that only reads, on one state of the file. */
  <T> T read(Work<T> work) {
    return lookAt(session -> session.onOneState(work));
  }

  /** Runs work that only reads; each of its statements may see another state of the file. */
  <T> T lookAt(Work<T> work) {
    reading.acquireUninterruptibly();
    try {
      Session session = reader();
      boolean good = false;
      try {
        T result = work.on(session);
        good = true;
        return result;
      } catch (SQLException e) {
        throw failed(e);
      } finally {
        if (good) {
          giveBack(session);
        } else {
          discard(session);
        }
      }
    } finally {
      reading.release();
    }
  }

  Path path() {
    return file;
  }

  private Session writer() {
    requireOpen();
    Session session = writer;
    if (session == null) {
      session = connect();
      writer = session;
    }
    return session;
  }

  private Session reader() {
    synchronized (idleReaders) {
      requireOpen();
      Session idle = idleReaders.poll();
      if (idle != null) {
        return idle;
      }
    }
    Session session = connect();
    try {
      session.execute("PRAGMA query_only = ON");
      return session;
    } catch (SQLException e) {
      discard(session);
      throw failed(e);
    }
  }

  private void giveBack(Session session) {
    synchronized (idleReaders) {
      if (!closed) {
        // Who was last is next: it knows most of what was found of late.
        idleReaders.addFirst(session);
        return;
      }
    }
    discard(session);
  }

  /**
   * A connection to a file of our schema. SQLite answers "busy" at once, whatever the timeout,
   * while another process turns the new file to WAL; so that is asked again here.
   */
  private Session connect() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_TIMEOUT_MS);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setJournalSizeLimit(MAX_KEPT_WAL_BYTES);
    config.setGetGeneratedKeys(false);
    long retries = TimeUnit.MILLISECONDS.toNanos(BUSY_TIMEOUT_MS) / OPEN_RETRY_NS;
    while (true) {
      Session session = null;
      try {
        session = new Session(config.createConnection("jdbc:sqlite:" + file));
        schema.ensure(session, file);
        Session opened = session;
        session = null;
        return opened;
      } catch (SQLException e) {
        if (!SqliteFaults.isBusy(e) || retries-- <= 0) {
          throw failed(e);
        }
      } finally {
        if (session != null) {
          discard(session);
        }
      }
      LockSupport.parkNanos(OPEN_RETRY_NS);
    }
  }

  /** Closes a connection, which rolls back what it began. */
  private static void discard(Session session) {
    try {
      session.close();
    } catch (SQLException e) {
      // It is given up for another error, which is thrown.
    }
  }

  private StoreException failed(SQLException e) {
    StoreException fault = SqliteFaults.of(file, e);
    counters.failed(fault);
    return fault;
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreException(Fault.UNAVAILABLE, file + " was closed");
    }
  }

  /** Waits for calls that write; those that read end on their own. */
  @Override
  public void close() {
    writing.lock();
    try {
      synchronized (idleReaders) {
        closed = true;
        idleReaders.forEach(SqliteFile::discard);
        idleReaders.clear();
      }
      if (writer != null) {
        discard(writer);
        writer = null;
      }
    } finally {
      writing.unlock();
    }
  }
}
