package org.skymetrics.server.udp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.wire.Wire;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Mishaps;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.ingest.Receiver;
import org.skymetrics.server.ingest.Replies;
import org.skymetrics.server.receive.DatagramReading;
import org.skymetrics.server.receive.Rest;
import org.skymetrics.server.text.TextIntake;

/**
 * One receiving thread: its event loop, its socket, and the bounded queue through which other
 * threads pass it packets. All that its receiver does happens on its loop; what it throws ends
 * here.
 */
final class UdpThread extends ChannelInboundHandlerAdapter implements Replies {
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Passed(byte[] bytes, InetSocketAddress from) {}

  private final EventLoop loop;
  private final Counters counters;
  private final Mishaps mishaps;
  private final ArrayBlockingQueue<Passed> passed;
  private final Rest rest;
  private final AtomicBoolean drainScheduled = new AtomicBoolean();
  private final byte[] packet = new byte[UdpSockets.MAX_RECEIVED_BYTES];
  private @Nullable Receiver receiver;
  private volatile @Nullable TextIntake text;
  private volatile @Nullable Channel channel;

  UdpThread(EventLoop loop, int queueLength, Clock clock, Counters counters, Mishaps mishaps) {
    this.loop = loop;
    this.rest = new Rest(clock);
    this.counters = counters;
    this.mishaps = mishaps;
    this.passed = new ArrayBlockingQueue<>(queueLength);
  }

  EventLoop loop() {
    return loop;
  }

  /** Gives the receiver, before the socket is bound. */
  void setReceiver(Receiver newReceiver) {
    receiver = newReceiver;
  }

  /** Takes text from now on. */
  void takeText(TextIntake intake) {
    text = intake;
  }

  Receiver receiver() {
    return Objects.requireNonNull(receiver);
  }

  @Nullable Channel channel() {
    return channel;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    rest.setBuffer(DatagramReading.receiveBufferBytes(ctx.channel()));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof DatagramPacket datagram) {
        ByteBuf content = datagram.content();
        int length = Math.min(content.readableBytes(), packet.length);
        content.getBytes(content.readerIndex(), packet, 0, length);
        rest.tookPacket();
        take(length, datagram.sender());
      }
    } catch (RuntimeException e) {
      mishaps.take("taking a packet", e);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /** A packet that can't be Sky's, by its first byte, is text. */
  private void take(int length, InetSocketAddress from) {
    TextIntake takesText = text;
    if (takesText != null && length > 0 && (packet[0] & 0xff) != Wire.MAGIC) {
      takesText.onPacket(packet, 0, length, from);
    } else {
      receiver().onPacket(packet, 0, length, from);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    endBatch();
    rest.afterReading();
  }

  /** ICMP errors of packets sent come out here, too; there is nothing to be done about them. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    mishaps.take("receiving", cause);
  }

  /** Does something on the loop and sends what came of it. */
  void run(Runnable action) {
    loop.execute(
        () -> {
          try {
            action.run();
          } catch (RuntimeException e) {
            mishaps.take("a task of a receiving thread", e);
          }
          flush();
        });
  }

  /** Takes a packet from another thread; false where the queue is full. */
  boolean offer(byte[] bytes, InetSocketAddress from) {
    if (!passed.offer(new Passed(bytes, from))) {
      return false;
    }
    if (drainScheduled.compareAndSet(false, true)) {
      run(this::drain);
    }
    return true;
  }

  private void drain() {
    drainScheduled.set(false);
    for (Passed next = passed.poll(); next != null; next = passed.poll()) {
      take(next);
    }
    endBatch();
  }

  private void take(Passed next) {
    try {
      receiver().onPassed(next.bytes(), 0, next.bytes().length, next.from());
    } catch (RuntimeException e) {
      mishaps.take("taking a packet", e);
    }
  }

  private void endBatch() {
    try {
      receiver().endBatch();
    } catch (RuntimeException e) {
      mishaps.take("acknowledging", e);
    }
    flush();
  }

  private void flush() {
    Channel bound = channel;
    if (bound != null) {
      bound.flush();
    }
  }

  @Override
  public void send(ByteWriter reply, InetSocketAddress to) {
    Channel bound = channel;
    if (bound == null || !bound.isWritable()) {
      counters.increment(ServerCounter.REPLIES_DROPPED);
      return;
    }
    ByteBuf bytes = bound.alloc().directBuffer(reply.length());
    bytes.writeBytes(reply.array(), 0, reply.length());
    var unused =
        bound
            .write(new DatagramPacket(bytes, to))
            .addListener(
                sent -> {
                  if (!sent.isSuccess()) {
                    counters.increment(ServerCounter.REPLIES_DROPPED);
                  }
                });
  }
}
