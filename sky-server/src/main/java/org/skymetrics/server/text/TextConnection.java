package org.skymetrics.server.text;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.net.InetAddress;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Mishaps;
import org.skymetrics.server.count.ServerCounter;

/** A TCP connection that brings text. What it throws ends here. */
final class TextConnection extends SimpleChannelInboundHandler<ByteBuf> {
  private final TextIntake intake;
  private final InetAddress from;
  private final Channel channel;
  private final Clock clock;
  private final Counters counters;
  private final Mishaps mishaps;

  /** The loop's, which reads one connection at a time. */
  private final byte[] read;

  private final LineStream lines;
  private long heardNs;

  TextConnection(
      TextIntake intake,
      InetAddress from,
      Channel channel,
      byte[] read,
      Clock clock,
      Counters counters,
      Mishaps mishaps) {
    this.intake = intake;
    this.from = from;
    this.channel = channel;
    this.read = read;
    this.clock = clock;
    this.counters = counters;
    this.mishaps = mishaps;
    lines = intake.newStream();
    heardNs = clock.monotonicNs();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
    heardNs = clock.monotonicNs();
    while (bytes.isReadable()) {
      int length = Math.min(read.length, bytes.readableBytes());
      bytes.readBytes(read, 0, length);
      intake.onBytes(lines, read, length, from);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    intake.onEnd(lines, from);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      counters.increment(ServerCounter.TEXT_CONNECTIONS_BROKEN);
    } else {
      mishaps.take("taking text of a connection", cause);
    }
    var unused = ctx.close();
  }

  /** Closes where nothing was heard for so long. */
  void expire(long nowNs, long idleNs) {
    if (nowNs - heardNs > idleNs) {
      counters.increment(ServerCounter.TEXT_CONNECTIONS_IDLE);
      var unused = channel.close();
    }
  }
}
