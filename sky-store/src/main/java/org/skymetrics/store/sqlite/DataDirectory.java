package org.skymetrics.store.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;

/**
 * A {@code --data} directory, locked while this is open: by one process alone, or by several that
 * only share its history.
 *
 * <p>The lock is one byte far behind the end of the file {@code lock}, so that what the file says,
 * the pids of its holders, can be read by who is refused. POSIX gives such a lock to the process,
 * not to the channel, and closing any channel of the file ends it: so a process opens the file once
 * for each directory, and counts its holders here.
 */
public final class DataDirectory implements AutoCloseable {
  /** Who may have the directory at the same time. */
  public enum Mode {
    /** This process alone. */
    EXCLUSIVE,
    /** Any number in this mode: they share {@code history.db}, which guards itself. */
    SHARED_HISTORY
  }

  private static final String LOCK_FILE = "lock";
  private static final String NAME_FILE = "name";
  private static final long LOCK_AT = 1L << 40;
  private static final long NAME_LOCK_AT = LOCK_AT + 1;
  private static final Pattern PID = Pattern.compile("[0-9]{1,18}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,100}");

  /** The directories that this process has locked. */
  private static final Map<Path, Held> HELD = new HashMap<>();

  private final Path directory;
  private final Held held;
  private boolean open = true;

  private DataDirectory(Path directory, Held held) {
    this.directory = directory;
    this.held = held;
  }

  /** A lock that this process has, and by how many it is held. */
  private static final class Held {
    final Mode mode;
    final FileChannel channel;
    final String memberName;
    int holders;

    Held(Mode mode, FileChannel channel, String memberName) {
      this.mode = mode;
      this.channel = channel;
      this.memberName = memberName;
    }
  }

  /**
   * Makes the directory where it is not there, and locks it.
   *
   * @throws StoreException where another process has it and must not share it, or it can't be used
   */
  public static DataDirectory lock(Path dir, Mode mode) {
    synchronized (HELD) {
      try {
        Files.createDirectories(dir);
        Path real = dir.toRealPath();
        Held held = HELD.get(real);
        if (held == null) {
          held = acquire(real, mode);
          HELD.put(real, held);
        } else if (mode == Mode.EXCLUSIVE || held.mode == Mode.EXCLUSIVE) {
          throw inUse(real, "this process already");
        }
        held.holders++;
        return new DataDirectory(real, held);
      } catch (IOException e) {
        throw new StoreException(
            Fault.UNAVAILABLE, "the data directory " + dir + " can't be used: " + e, e);
      }
    }
  }

  private static Held acquire(Path dir, Mode mode) throws IOException {
    FileChannel channel =
        FileChannel.open(
            dir.resolve(LOCK_FILE),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean acquired = false;
    try {
      if (channel.tryLock(LOCK_AT, 1, mode == Mode.SHARED_HISTORY) == null) {
        throw inUse(dir, holders(channel));
      }
      Held held;
      FileLock alone = channel.lock(NAME_LOCK_AT, 1, false);
      try {
        writePid(channel);
        held = new Held(mode, channel, readOrMakeName(dir.resolve(NAME_FILE)));
      } finally {
        alone.release();
      }
      acquired = true;
      return held;
    } finally {
      if (!acquired) {
        channel.close();
      }
    }
  }

  private static StoreException inUse(Path dir, String holder) {
    return new StoreException(
        Fault.UNAVAILABLE,
        "the data directory "
            + dir
            + " is in use by "
            + holder
            + "; stop it, or give this one a directory of its own (--data)");
  }

  /** Adds this process to those that the file names, and drops those that are gone. */
  private static void writePid(FileChannel channel) throws IOException {
    SortedSet<Long> pids = livingPids(channel);
    pids.add(ProcessHandle.current().pid());
    String text = pids.stream().map(pid -> pid + "\n").collect(Collectors.joining());
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
  }

  private static String holders(FileChannel channel) throws IOException {
    SortedSet<Long> pids = livingPids(channel);
    if (pids.isEmpty()) {
      return "another process";
    }
    return (pids.size() == 1 ? "the process " : "the processes ")
        + pids.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static SortedSet<Long> livingPids(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(4096);
    channel.read(text, 0);
    TreeSet<Long> pids = new TreeSet<>();
    new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII)
        .lines()
        .filter(line -> PID.matcher(line).matches())
        .map(Long::valueOf)
        .filter(pid -> ProcessHandle.of(pid).isPresent())
        .forEach(pids::add);
    return pids;
  }

  private static String readOrMakeName(Path file) throws IOException {
    String name = readName(file);
    if (name == null) {
      byte[] random = new byte[4];
      new SecureRandom().nextBytes(random);
      name = "sky-" + HexFormat.of().formatHex(random);
      Path fresh = file.resolveSibling(NAME_FILE + ".new");
      try (FileChannel out =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        out.write(ByteBuffer.wrap((name + "\n").getBytes(StandardCharsets.US_ASCII)));
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return name;
  }

  private static @Nullable String readName(Path file) throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    String name = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    if (!NAME.matcher(name).matches()) {
      throw new StoreException(
          Fault.FOREIGN_CONTENT,
          file + " does not hold a name (letters, digits, . _ : -); remove it to get a new one");
    }
    return name;
  }

  /**
   * The name of the ring member whose directory this is: made once, kept in it. Processes that
   * share the directory read the same one.
   */
  public String memberName() {
    return held.memberName;
  }

  /** The directory, without links. */
  public Path path() {
    return directory;
  }

  /** Gives the directory to others. The stores in it are to be closed before. */
  @Override
  public void close() {
    synchronized (HELD) {
      if (!open) {
        return;
      }
      open = false;
      if (--held.holders == 0) {
        HELD.remove(directory);
        try {
          held.channel.close();
        } catch (IOException e) {
          throw new StoreException(Fault.OTHER, "the lock of " + directory + " is stuck: " + e, e);
        }
      }
    }
  }
}
