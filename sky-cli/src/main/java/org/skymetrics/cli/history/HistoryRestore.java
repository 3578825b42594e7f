package org.skymetrics.cli.history;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.Layout;

/**
 * Puts back what {@link HistoryBackup} copied. A value that is there is left alone; one that
 * differs from what is there becomes a sibling of it, and siblings are united by all that read
 * them. So nothing is lost, and to restore again changes nothing.
 */
public final class HistoryRestore {
  private static final int BUFFER_BYTES = 1 << 16;

  private final HistoryStore store;
  private final Layout layout;
  private final AtomicLong checked = new AtomicLong();
  private final AtomicLong restored = new AtomicLong();
  private final AtomicLong known = new AtomicLong();

  public HistoryRestore(HistoryStore store, Layout layout) {
    this.store = store;
    this.layout = layout;
  }

  /**
   * Refuses a file that is no backup, or one of another layout.
   *
   * @throws ArchiveException with a sentence
   */
  public static void requireLayout(Path file, Layout layout) throws IOException, ArchiveException {
    try (InputStream in = open(file)) {
      requireLayout(new Archive.Reader(in), layout);
    }
  }

  private static void requireLayout(Archive.Reader reader, Layout layout) throws ArchiveException {
    if (!reader.layout().equals(layout)) {
      throw new ArchiveException(
          "it is of --period "
              + reader.layout().period().label()
              + " --shards "
              + reader.layout().shards()
              + ", and can be restored only with these");
    }
  }

  private static InputStream open(Path file) throws IOException {
    return new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
  }

  /**
   * Reads the file to its end, and only then again to restore it.
   *
   * @throws ArchiveException where it is damaged, not whole or of another layout; nothing was
   *     changed then
   */
  public void run(Path file) throws IOException, ArchiveException {
    try (InputStream in = open(file)) {
      Archive.Reader reader = new Archive.Reader(in);
      requireLayout(reader, layout);
      reader.forEach((key, value) -> checked.incrementAndGet());
    }
    try (InputStream in = open(file)) {
      new Archive.Reader(in).forEach(this::restore);
    }
  }

  private void restore(String key, byte[] value) {
    boolean isThere = store.get(key).values().stream().anyMatch(v -> Arrays.equals(v, value));
    if (isThere) {
      known.incrementAndGet();
    } else {
      store.put(key, value, Context.NONE);
      restored.incrementAndGet();
    }
  }

  /** What was restored, for people. */
  public String summary() {
    return restored + " values restored, " + known + " were there already";
  }

  /** Where the work stands, for people. */
  public String progress() {
    long done = restored.get() + known.get();
    return done == 0
        ? "checking the file, " + checked + " values"
        : done + " of " + checked + " values: " + summary();
  }
}
