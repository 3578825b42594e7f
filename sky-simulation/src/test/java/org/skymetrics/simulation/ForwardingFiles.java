package org.skymetrics.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.util.SortedSet;
import org.skymetrics.server.journal.JournalFiles;

/** A journal directory that does what another does, but for what is overridden. */
class ForwardingFiles implements JournalFiles {
  private final JournalFiles files;

  ForwardingFiles(JournalFiles files) {
    this.files = files;
  }

  /** Called before each operation. */
  void before() {}

  @Override
  public SortedSet<String> names() throws IOException {
    before();
    return files.names();
  }

  @Override
  public long length(String name) throws IOException {
    before();
    return files.length(name);
  }

  @Override
  public InputStream read(String name) throws IOException {
    before();
    return files.read(name);
  }

  @Override
  public Appender create(String name) throws IOException {
    before();
    return files.create(name);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    before();
    files.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    before();
    files.delete(name);
  }

  @Override
  public void cut(String name, long lengthBytes) throws IOException {
    before();
    files.cut(name, lengthBytes);
  }

  @Override
  public void forceNames() throws IOException {
    before();
    files.forceNames();
  }

  @Override
  public String describe() {
    return files.describe();
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
