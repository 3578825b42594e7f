package org.skymetrics.server.udp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.udp.KernelSockets.SocketView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees what the kernel does with packets before any thread does: counts those that it dropped at
 * one port, says so the first time, and knows how long its queues are. One thread looks.
 */
public final class KernelWatch {
  private static final Logger LOG = LoggerFactory.getLogger(KernelWatch.class);

  private final int port;
  private final ReceiveBuffer buffer;
  private final Counters counters;

  /** Of this process, found at the first look: those that are watched stay open. */
  private Set<String> inodes = Set.of();

  /** By inode, as they were when looked at last. */
  private Map<Long, Long> dropsBefore = Map.of();

  private long drops;
  private long longestQueueBytes;

  /** A watch over the sockets of this process that are bound to a port by now. */
  public KernelWatch(int port, ReceiveBuffer buffer, Counters counters) {
    this.port = port;
    this.buffer = buffer;
    this.counters = counters;
  }

  /** Looks. */
  public void look() {
    if (inodes.isEmpty()) {
      inodes = KernelSockets.inodes();
    }
    look(KernelSockets.ofPort(port, inodes));
  }

  void look(List<SocketView> sockets) {
    Map<Long, Long> now = new HashMap<>();
    long more = 0;
    longestQueueBytes = 0;
    for (SocketView socket : sockets) {
      now.put(socket.inode(), socket.drops());
      more += Math.max(0, socket.drops() - dropsBefore.getOrDefault(socket.inode(), 0L));
      longestQueueBytes = Math.max(longestQueueBytes, socket.receiveQueueBytes());
    }
    dropsBefore = now;
    if (more > 0 && drops == 0) {
      LOG.warn(
          "the kernel dropped {} packets at UDP port {}: they came faster than they were taken."
              + " Clients of Sky send theirs again, statsd text is lost; {}. Said once,"
              + " sky_server_kernel_drops_total goes on counting",
          more,
          port,
          buffer.remedy());
    }
    drops += more;
    counters.add(ServerCounter.KERNEL_DROPS, more);
  }

  /** Packets dropped since the start. */
  public long drops() {
    return drops;
  }

  /** Whether a queue is half full or more. */
  public boolean hasBacklog() {
    return longestQueueBytes > 0 && longestQueueBytes >= buffer.givenBytes();
  }
}
