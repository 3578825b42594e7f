package org.skymetrics.simulation;

import java.io.IOException;
import org.skymetrics.server.journal.JournalFiles;

/** A journal directory as one process has it: closed to it when it has died. */
final class GuardedFiles extends ForwardingFiles {
  private final Life life;

  GuardedFiles(JournalFiles files, Life life) {
    super(files);
    this.life = life;
  }

  @Override
  void before() {
    life.require();
  }

  @Override
  public Appender create(String name) throws IOException {
    Appender appender = super.create(name);
    return new Appender() {
      @Override
      public void append(byte[] bytes, int offset, int length) throws IOException {
        before();
        appender.append(bytes, offset, length);
      }

      @Override
      public void cut(long lengthBytes) throws IOException {
        before();
        appender.cut(lengthBytes);
      }

      @Override
      public void force() throws IOException {
        before();
        appender.force();
      }

      @Override
      public void close() throws IOException {
        appender.close();
      }
    };
  }
}
