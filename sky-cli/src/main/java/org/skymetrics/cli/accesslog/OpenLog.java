package org.skymetrics.cli.accesslog;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * One file, opened, from its first byte (or its end) on. It stays the same file when its name is
 * given to another. A gzip file is told by its first two bytes and is read once, to its end.
 */
final class OpenLog implements Closeable {
  private static final int GZIP_MAGIC = 0x1f8b;
  private static final int GZIP_BUFFER_BYTES = 32 * 1024;

  private final FileInputStream file;
  private final InputStream content;
  private final boolean gzip;
  private final @Nullable Object identity;
  private final LineSplitter lines;

  private OpenLog(
      FileInputStream file,
      InputStream content,
      boolean gzip,
      @Nullable Object identity,
      LineSplitter lines) {
    this.file = file;
    this.content = content;
    this.gzip = gzip;
    this.identity = identity;
    this.lines = lines;
  }

  /** Opens a file; null where there is none of this name, or nothing in it yet. */
  static @Nullable OpenLog open(Path path, boolean atEnd, LineSink sink) throws IOException {
    Object identity = identityOf(path);
    if (!Files.exists(path) || Files.size(path) == 0) {
      return null;
    }
    FileInputStream file = new FileInputStream(path.toFile());
    try {
      boolean gzip =
          file.read() << 8 == (GZIP_MAGIC & 0xff00) && file.read() == (GZIP_MAGIC & 0xff);
      file.getChannel().position(atEnd && !gzip ? file.getChannel().size() : 0);
      InputStream content = gzip ? new GZIPInputStream(file, GZIP_BUFFER_BYTES) : file;
      return new OpenLog(file, content, gzip, identity, new LineSplitter(sink));
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** What tells one file from another of the same name; null where the system does not say. */
  static @Nullable Object identityOf(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  boolean isSameAs(@Nullable Object otherIdentity) {
    return otherIdentity == null || otherIdentity.equals(identity);
  }

  /**
   * Reads on.
   *
   * @return whether there was anything
   */
  boolean read(byte[] buffer) throws IOException {
    int count = content.read(buffer);
    if (count > 0) {
      lines.accept(buffer, count);
    }
    return count > 0;
  }

  /**
   * Whether the file has become shorter than what was read of it: it was cut, to be written anew.
   * It is read from its start then.
   */
  boolean startAgainWhereCut() throws IOException {
    if (gzip || file.getChannel().size() >= file.getChannel().position()) {
      return false;
    }
    file.getChannel().position(0);
    lines.discard();
    return true;
  }

  /** No more will be written: a last line without a line end counts too. */
  void finish() {
    lines.finish();
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
