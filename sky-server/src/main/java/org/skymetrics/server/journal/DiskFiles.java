package org.skymetrics.server.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A journal directory on disk, locked against a second process while this is open. */
public final class DiskFiles implements JournalFiles {
  private static final String LOCK_FILE = "lock";

  private final Path directory;
  private final FileChannel lock;

  private DiskFiles(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Makes the directory where it is not there, and locks it.
   *
   * @throws JournalException where another process has it, or it can't be used
   */
  public static DiskFiles open(Path directory) {
    try {
      Files.createDirectories(directory);
      return new DiskFiles(directory, acquire(directory));
    } catch (IOException e) {
      throw new JournalException("the journal directory " + directory + " can't be used: " + e, e);
    }
  }

  private static FileChannel acquire(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean acquired = false;
    try {
      acquired = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // This process has it already: the same fault as another one having it.
      acquired = false;
    } finally {
      if (!acquired) {
        channel.close();
      }
    }
    if (!acquired) {
      throw new JournalException(
          "the journal "
              + directory
              + " is in use by another server; stop it, or give this one a directory of its own",
          null);
    }
    return channel;
  }

  @Override
  public SortedSet<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Override
  public long length(String name) throws IOException {
    return Files.size(directory.resolve(name));
  }

  @Override
  public InputStream read(String name) throws IOException {
    return Files.newInputStream(directory.resolve(name));
  }

  @Override
  public Appender create(String name) throws IOException {
    return new DiskFile(
        FileChannel.open(
            directory.resolve(name),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(
        directory.resolve(from),
        directory.resolve(to),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
  }

  @Override
  public void cut(String name, long lengthBytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(directory.resolve(name), StandardOpenOption.WRITE)) {
      channel.truncate(lengthBytes);
      channel.force(true);
    }
  }

  @Override
  public void forceNames() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public String describe() {
    return directory.toString();
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  /** One file, through a buffer outside the heap that is used again. */
  private static final class DiskFile implements Appender {
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);

    DiskFile(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void append(byte[] bytes, int offset, int length) throws IOException {
      int at = offset;
      int left = length;
      while (left > 0) {
        int part = Math.min(left, buffer.capacity());
        buffer.clear();
        buffer.put(bytes, at, part).flip();
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        at += part;
        left -= part;
      }
    }

    @Override
    public void cut(long lengthBytes) throws IOException {
      channel.truncate(lengthBytes);
      channel.position(lengthBytes);
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
