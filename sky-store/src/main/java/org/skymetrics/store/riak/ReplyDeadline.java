package org.skymetrics.store.riak;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose request was not answered whole in time. The client library has no such
 * limit: without it a hung node would keep the connection, and its health check a thread, for ever.
 *
 * <p>There is one request at a time on a connection. A reply is u32 length, then that many bytes.
 */
final class ReplyDeadline extends ChannelDuplexHandler {
  private static final int HEADER_BYTES = 4;

  private final long timeoutMs;
  private @Nullable ScheduledFuture<?> expiry;
  private int headerBytes;
  private long bodyBytesLeft;

  ReplyDeadline(long timeoutMs) {
    this.timeoutMs = timeoutMs;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object request, ChannelPromise promise) {
    disarm();
    expiry = ctx.executor().schedule(() -> close(ctx), timeoutMs, TimeUnit.MILLISECONDS);
    ChannelFuture unused = ctx.write(request, promise);
  }

  private static void close(ChannelHandlerContext ctx) {
    ChannelFuture unused = ctx.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object reply) {
    if (reply instanceof ByteBuf bytes) {
      follow(bytes);
    }
    ctx.fireChannelRead(reply);
  }

  private void follow(ByteBuf bytes) {
    int at = bytes.readerIndex();
    while (at < bytes.writerIndex()) {
      if (headerBytes < HEADER_BYTES) {
        bodyBytesLeft = bodyBytesLeft << 8 | bytes.getUnsignedByte(at++);
        headerBytes++;
      } else {
        int n = (int) Math.min(bodyBytesLeft, bytes.writerIndex() - at);
        at += n;
        bodyBytesLeft -= n;
      }
      if (headerBytes == HEADER_BYTES && bodyBytesLeft == 0) {
        headerBytes = 0;
        disarm();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    disarm();
    ctx.fireChannelInactive();
  }

  private void disarm() {
    ScheduledFuture<?> armed = expiry;
    expiry = null;
    if (armed != null) {
      armed.cancel(false);
    }
  }
}
