package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Linux says of the UDP sockets of one port.
 *
 * @param sockets how many there are
 * @param drops packets that found a receive buffer full
 * @param waitingBytes what the receive buffers hold
 */
record UdpFigures(int sockets, long drops, long waitingBytes) {
  /** Columns of /proc/net/udp: sl, local, remote, st, tx:rx, ... , drops is the last. */
  static UdpFigures of(int port) {
    String local = String.format(":%04X", port);
    List<String[]> rows =
        Stream.of("udp", "udp6")
            .flatMap(UdpFigures::lines)
            .map(line -> line.strip().split("\\s+"))
            .filter(fields -> fields.length > 4 && fields[1].endsWith(local))
            .toList();
    return new UdpFigures(
        rows.size(),
        rows.stream().mapToLong(fields -> Long.parseLong(fields[fields.length - 1])).sum(),
        rows.stream()
            .mapToLong(
                fields -> Long.parseLong(fields[4].substring(fields[4].indexOf(':') + 1), 16))
            .sum());
  }

  boolean isBound() {
    return sockets > 0;
  }

  private static Stream<String> lines(String name) {
    try {
      return Files.readAllLines(Path.of("/proc/net", name)).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
