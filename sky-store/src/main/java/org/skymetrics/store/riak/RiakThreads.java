package org.skymetrics.store.riak;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of one {@link RiakHistoryStore}: two for all connections, and one a node for what the
 * client library does beside (health checks, closing idle connections). They are daemons, and end
 * at {@link #close}.
 */
final class RiakThreads implements AutoCloseable {
  static final String NAME = "sky-riak";

  private static final int IO_THREADS = 2;
  private static final long END_S = 5;

  /** By then the operation itself has ended: it is not to be taken for a cut connection. */
  private static final long GRACE_MS = 100;

  private final EventLoopGroup io =
      new MultiThreadIoEventLoopGroup(
          IO_THREADS, new DefaultThreadFactory(NAME + "-io", true), NioIoHandler.newFactory());
  private final ScheduledThreadPoolExecutor upkeep;

  RiakThreads(int nodes) {
    upkeep =
        new ScheduledThreadPoolExecutor(nodes, new DefaultThreadFactory(NAME + "-upkeep", true));
    upkeep.setRemoveOnCancelPolicy(true);
  }

  /**
   * For connections that close when a request is not answered in time.
   *
   * @param onClose runs, on a thread of the connections, when one has closed
   */
  Bootstrap bootstrap(Duration timeout, Runnable onClose) {
    long timeoutMs = timeout.toMillis() + GRACE_MS;
    return new Bootstrap()
        .group(io)
        .channelFactory(
            () -> {
              NioSocketChannel channel = new NioSocketChannel();
              channel.pipeline().addLast(new ReplyDeadline(timeoutMs));
              ChannelFuture unused = channel.closeFuture().addListener(closed -> onClose.run());
              return channel;
            });
  }

  ScheduledExecutorService upkeep() {
    return upkeep;
  }

  /** Runs a short task later, on a thread that nothing blocks. */
  ScheduledFuture<?> later(Duration delay, Runnable task) {
    return io.next().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    upkeep.shutdownNow();
    io.shutdownGracefully(0, END_S, TimeUnit.SECONDS)
        .awaitUninterruptibly(2 * END_S, TimeUnit.SECONDS);
    try {
      upkeep.awaitTermination(END_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
