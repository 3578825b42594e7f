package org.skymetrics.server.text;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.skymetrics.common.time.Clock;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Mishaps;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.receive.DatagramReading;
import org.skymetrics.server.receive.Rest;
import org.skymetrics.server.statsd.Dialect;

/**
 * The sockets that take nothing but text: TCP at the server's own address, and UDP and TCP at those
 * of the other listeners; all on one thread, which alone touches their state.
 */
public final class TextSockets implements AutoCloseable {
  private static final int READ_BYTES = 16 << 10;

  private final TextConfig config;
  private final Clock clock;
  private final Counters counters;
  private final Mishaps mishaps;
  private final boolean epoll;
  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;
  private final Map<Dialect, TextIntake> intakes = new EnumMap<>(Dialect.class);
  private final Set<TextConnection> connections = new HashSet<>();
  private final byte[] read = new byte[READ_BYTES];

  /**
   * Starts the thread; nothing is bound yet.
   *
   * @param nativeTransport whether epoll is used where it is there
   */
  public TextSockets(
      TextInput input,
      TextConfig config,
      boolean nativeTransport,
      Clock clock,
      Counters counters,
      Mishaps mishaps) {
    this.config = config;
    this.clock = clock;
    this.counters = counters;
    this.mishaps = mishaps;
    epoll = nativeTransport && Epoll.isAvailable();
    group =
        new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory("sky-text", true),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    loop = group.next();
    for (Dialect dialect : Dialect.values()) {
      intakes.put(dialect, input.newIntake(dialect));
    }
    var unused = loop.scheduleWithFixedDelay(this::expire, 1, 1, TimeUnit.SECONDS);
  }

  /**
   * Binds TCP at an address.
   *
   * @return the address, with the port that the system chose where it was 0
   * @throws IOException where it is in use or not of this machine
   */
  public InetSocketAddress bindTcp(TextListener listener) throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
            .childHandler(accepting(intake(listener.dialect())));
    return bound(bootstrap.bind(listener.address()));
  }

  /** Binds UDP at an address, as {@link #bindTcp} does TCP. */
  public InetSocketAddress bindUdp(TextListener listener, int receiveBufferBytes)
      throws IOException {
    Bootstrap bootstrap =
        DatagramReading.of(new Bootstrap(), epoll, TextIntake.MAX_PACKET_BYTES + 1)
            .group(loop)
            .option(ChannelOption.SO_RCVBUF, receiveBufferBytes)
            .handler(new TextDatagrams(intake(listener.dialect()), new Rest(clock), mishaps));
    return bound(bootstrap.bind(listener.address()));
  }

  private TextIntake intake(Dialect dialect) {
    return Objects.requireNonNull(intakes.get(dialect));
  }

  private static InetSocketAddress bound(ChannelFuture binding) throws IOException {
    binding.awaitUninterruptibly();
    if (!binding.isSuccess()) {
      throw new IOException(String.valueOf(binding.cause().getMessage()), binding.cause());
    }
    return (InetSocketAddress) binding.channel().localAddress();
  }

  private ChannelInitializer<Channel> accepting(TextIntake intake) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        accept(channel, intake);
      }
    };
  }

  private void accept(Channel channel, TextIntake intake) {
    // A connection that has ended already has no address.
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      counters.increment(ServerCounter.TEXT_CONNECTIONS_BROKEN);
      var unused = channel.close();
      return;
    }
    InetAddress from = remote.getAddress();
    if (!intake.allows(from)) {
      counters.increment(ServerCounter.TEXT_CONNECTIONS_NOT_ALLOWED);
      var unused = channel.close();
    } else if (connections.size() >= config.maxConnections()) {
      counters.increment(ServerCounter.TEXT_CONNECTIONS_OVER_LIMIT);
      var unused = channel.close();
    } else {
      counters.increment(ServerCounter.TEXT_CONNECTIONS);
      TextConnection connection =
          new TextConnection(intake, from, channel, read, clock, counters, mishaps);
      connections.add(connection);
      channel.pipeline().addLast(connection);
      var unused = channel.closeFuture().addListener(closed -> connections.remove(connection));
    }
  }

  private void expire() {
    long nowNs = clock.monotonicNs();
    long idleNs = config.idle().toNanos();
    List.copyOf(connections).forEach(connection -> connection.expire(nowNs, idleNs));
  }

  /** Closes all sockets and ends the thread; what was read is counted. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(6, TimeUnit.SECONDS);
  }
}
