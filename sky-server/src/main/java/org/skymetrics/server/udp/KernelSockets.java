package org.skymetrics.server.udp;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the kernel says of this process's UDP sockets, on Linux: bytes in the receive queue, and
 * packets that it dropped because the queue was full. Read from /proc/net/udp and udp6; the sockets
 * of this process are known by their inodes, in /proc/self/fd. Elsewhere there is nothing to read.
 */
public final class KernelSockets {
  /** One socket. */
  public record SocketView(long inode, long receiveQueueBytes, long drops) {}

  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");
  private static final Splitter SPACES = Splitter.on(CharMatcher.whitespace()).omitEmptyStrings();
  private static final int LOCAL = 1;
  private static final int QUEUES = 4;
  private static final int INODE = 9;
  private static final int DROPS = 12;

  private KernelSockets() {}

  /** The sockets of this process that are bound to a port. */
  public static List<SocketView> ofPort(int port) {
    return ofPort(port, inodes());
  }

  /** The sockets that are bound to a port and have one of these inodes. */
  static List<SocketView> ofPort(int port, Set<String> mine) {
    List<SocketView> views = new ArrayList<>();
    try {
      for (Path table : TABLES) {
        if (Files.isReadable(table)) {
          views.addAll(parse(Files.readAllLines(table), port, mine));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // Not Linux, or a /proc that may not be read: there is nothing to show.
      return List.of();
    }
    return views;
  }

  /** The inodes of all sockets of this process; to find them takes longer than to read a table. */
  static Set<String> inodes() {
    if (!Files.isDirectory(OPEN_FILES)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(OPEN_FILES)) {
      return files
          .map(KernelSockets::target)
          .filter(target -> target.startsWith("socket:["))
          .map(target -> target.substring("socket:[".length(), target.length() - 1))
          .collect(Collectors.toSet());
    } catch (IOException | UncheckedIOException e) {
      return Set.of();
    }
  }

  private static String target(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      // Closed since the folder was listed.
      return "";
    }
  }

  /** The lines of a table that are of this port and one of these inodes. */
  static List<SocketView> parse(List<String> lines, int port, Set<String> inodes) {
    String suffix = ":" + HexFormat.of().withUpperCase().toHexDigits((short) port);
    List<SocketView> views = new ArrayList<>();
    for (String line : lines) {
      List<String> fields = SPACES.splitToList(line);
      if (fields.size() > DROPS
          && fields.get(LOCAL).endsWith(suffix)
          && inodes.contains(fields.get(INODE))) {
        String queues = fields.get(QUEUES);
        views.add(
            new SocketView(
                Long.parseLong(fields.get(INODE)),
                Long.parseLong(queues.substring(queues.indexOf(':') + 1), 16),
                Long.parseLong(fields.get(DROPS))));
      }
    }
    return views;
  }
}
