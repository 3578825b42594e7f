package org.skymetrics.server.journal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.SortedSet;

/**
 * The files of one journal directory, as much of a file system as the journal needs. What was not
 * forced may be gone, or be there in part, after a crash of the machine; a crash of the process
 * alone loses nothing that was written. Safe from any thread, as long as a file has one writer.
 */
public interface JournalFiles extends Closeable {
  /** The names of all files. */
  SortedSet<String> names() throws IOException;

  /** The length of a file, in bytes. */
  long length(String name) throws IOException;

  /** The content of a file, from its start. */
  InputStream read(String name) throws IOException;

  /** A new file to append to; one that is there is emptied. */
  Appender create(String name) throws IOException;

  /** Renames a file in one step; one that has the new name is replaced. */
  void rename(String from, String to) throws IOException;

  /** Deletes a file; nothing where it is not there. */
  void delete(String name) throws IOException;

  /** Cuts a file that nobody appends to, and makes it safe as it is then. */
  void cut(String name, long lengthBytes) throws IOException;

  /** Makes all names safe: what was created, renamed and deleted. */
  void forceNames() throws IOException;

  /** What an operator calls it: the path. */
  String describe();

  /** One file that is appended to. */
  interface Appender extends Closeable {
    /** Appends; where it fails, any number of the bytes may have been written. */
    void append(byte[] bytes, int offset, int length) throws IOException;

    /** Cuts the file to this length. */
    void cut(long lengthBytes) throws IOException;

    /** Makes what was appended safe. May be called from another thread. */
    void force() throws IOException;
  }
}
