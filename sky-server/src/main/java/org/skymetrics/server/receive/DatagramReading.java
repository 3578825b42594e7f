package org.skymetrics.server.receive;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;

/** How UDP sockets are read: many packets a call where there is epoll, one elsewhere. */
public final class DatagramReading {
  /** A socket that gave fewer is empty. */
  static final int PACKETS_PER_CALL = 32;

  private static final int CALLS_PER_BATCH = 4;

  private DatagramReading() {}

  /**
   * Chooses the kind of channel and what it reads.
   *
   * @param maxBytes longer packets are cut to this
   */
  public static Bootstrap of(Bootstrap bootstrap, boolean epoll, int maxBytes) {
    if (!epoll) {
      return bootstrap
          .channel(NioDatagramChannel.class)
          .option(
              ChannelOption.RECVBUF_ALLOCATOR,
              new FixedRecvByteBufAllocator(maxBytes).maxMessagesPerRead(PACKETS_PER_CALL));
    }
    return bootstrap
        .channel(EpollDatagramChannel.class)
        .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, maxBytes)
        .option(
            ChannelOption.RECVBUF_ALLOCATOR,
            new FixedRecvByteBufAllocator(PACKETS_PER_CALL * maxBytes)
                .maxMessagesPerRead(CALLS_PER_BATCH * PACKETS_PER_CALL));
  }

  /** The receive buffer that the system gave a socket, bytes; Linux says twice what it grants. */
  public static int receiveBufferBytes(Channel channel) {
    Integer bytes = channel.config().getOption(ChannelOption.SO_RCVBUF);
    if (bytes == null) {
      return 0;
    }
    return channel instanceof EpollDatagramChannel ? bytes / 2 : bytes;
  }
}
