package org.skymetrics.benchmarks.system;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends packets that were made before, many a system call (sendmmsg), at a rate: one thread, a few
 * hundred nanoseconds a packet beyond what the kernel needs.
 */
final class TextSender implements AutoCloseable {
  private static final int BATCH = 32;
  private static final long PAUSE_US = 500;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Channel channel;
  private final ByteBuf[] packets;
  private final int[] lines;

  // Of the loop's thread alone.
  private int next;

  TextSender(int port, TextLoad.Packets load) {
    packets = new ByteBuf[load.bytes().length];
    for (int i = 0; i < packets.length; i++) {
      byte[] bytes = load.bytes()[i];
      packets[i] =
          PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes).asReadOnly();
    }
    lines = load.lines();
    channel =
        new Bootstrap()
            .group(group)
            .channel(EpollDatagramChannel.class)
            .option(ChannelOption.SO_SNDBUF, 1 << 22)
            .handler(new Silent())
            .connect(new InetSocketAddress("127.0.0.1", port))
            .syncUninterruptibly()
            .channel();
  }

  /** A daemon that is not there is told of by ICMP; how much arrived is seen at the daemon. */
  private static final class Silent extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {}
  }

  /**
   * Sends for a time.
   *
   * @return how many packets, and how many lines
   */
  Sent send(double seconds, long samplesPerSecond) {
    CompletableFuture<Sent> done = new CompletableFuture<>();
    Run run = new Run(System.nanoTime(), (long) (seconds * 1e9), samplesPerSecond, done);
    channel.eventLoop().execute(run);
    return done.join();
  }

  /** How much was sent. */
  record Sent(long packets, long lines) {}

  private final class Run implements Runnable {
    private final long startNs;
    private final long lengthNs;
    private final double samplesPerNs;
    private final CompletableFuture<Sent> done;
    private long sentPackets;
    private long sentLines;

    Run(long startNs, long lengthNs, long samplesPerSecond, CompletableFuture<Sent> done) {
      this.startNs = startNs;
      this.lengthNs = lengthNs;
      this.samplesPerNs = samplesPerSecond / 1e9;
      this.done = done;
    }

    @Override
    public void run() {
      long passedNs = System.nanoTime() - startNs;
      if (passedNs >= lengthNs) {
        done.complete(new Sent(sentPackets, sentLines));
        return;
      }
      double due = passedNs * samplesPerNs;
      int batch = 0;
      while (batch < BATCH && sentLines < due && channel.isWritable()) {
        channel.write(packets[next].retainedDuplicate(), channel.voidPromise());
        sentLines += lines[next];
        sentPackets++;
        next = next + 1 == packets.length ? 0 : next + 1;
        batch++;
      }
      channel.flush();
      if (batch == BATCH) {
        channel.eventLoop().execute(this);
      } else {
        channel.eventLoop().schedule(this, PAUSE_US, TimeUnit.MICROSECONDS);
      }
    }
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    for (ByteBuf packet : packets) {
      packet.release();
    }
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
