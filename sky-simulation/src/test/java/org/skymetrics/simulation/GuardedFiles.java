package org.skymetrics.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.util.SortedSet;
import org.skymetrics.server.journal.JournalFiles;

/** A journal directory as one process has it: closed to it when it has died. */
final class GuardedFiles implements JournalFiles {
  private final JournalFiles files;
  private final Life life;

  GuardedFiles(JournalFiles files, Life life) {
    this.files = files;
    this.life = life;
  }

  @Override
  public SortedSet<String> names() throws IOException {
    life.require();
    return files.names();
  }

  @Override
  public long length(String name) throws IOException {
    life.require();
    return files.length(name);
  }

  @Override
  public InputStream read(String name) throws IOException {
    life.require();
    return files.read(name);
  }

  @Override
  public Appender create(String name) throws IOException {
    life.require();
    Appender appender = files.create(name);
    return new Appender() {
      @Override
      public void append(byte[] bytes, int offset, int length) throws IOException {
        life.require();
        appender.append(bytes, offset, length);
      }

      @Override
      public void cut(long lengthBytes) throws IOException {
        life.require();
        appender.cut(lengthBytes);
      }

      @Override
      public void force() throws IOException {
        life.require();
        appender.force();
      }

      @Override
      public void close() throws IOException {
        appender.close();
      }
    };
  }

  @Override
  public void rename(String from, String to) throws IOException {
    life.require();
    files.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    life.require();
    files.delete(name);
  }

  @Override
  public void cut(String name, long lengthBytes) throws IOException {
    life.require();
    files.cut(name, lengthBytes);
  }

  @Override
  public void forceNames() throws IOException {
    life.require();
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
