package org.skymetrics.server.journal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.SortedSet;

/** Keeps nothing: a server without a journal directory does all else as with one. */
public final class NoFiles implements JournalFiles {
  /** Forgets what is appended. */
  private static final class Sink implements Appender {
    @Override
    public void append(byte[] bytes, int offset, int length) {}

    @Override
    public void cut(long lengthBytes) {}

    @Override
    public void force() {}

    @Override
    public void close() {}
  }

  @Override
  public SortedSet<String> names() {
    return Collections.emptySortedSet();
  }

  @Override
  public long length(String name) {
    return 0;
  }

  @Override
  public InputStream read(String name) throws IOException {
    throw new FileNotFoundException(name);
  }

  @Override
  public Appender create(String name) {
    return new Sink();
  }

  @Override
  public void rename(String from, String to) {}

  @Override
  public void delete(String name) {}

  @Override
  public void cut(String name, long lengthBytes) {}

  @Override
  public void forceNames() {}

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public void close() {}
}
