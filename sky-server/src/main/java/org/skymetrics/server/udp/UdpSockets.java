package org.skymetrics.server.udp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.wire.Wire;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Mishaps;
import org.skymetrics.server.ingest.Neighbours;
import org.skymetrics.server.ingest.Receiver;
import org.skymetrics.server.ingest.Replies;
import org.skymetrics.server.receive.DatagramReading;
import org.skymetrics.server.text.TextIntake;

/**
 * The UDP side: as many receiving threads as wanted, each with a socket of its own on one port
 * (SO_REUSEPORT), read many packets a call, where there is epoll; one thread with one socket
 * elsewhere.
 */
public final class UdpSockets implements Neighbours, AutoCloseable {
  /** Longer packets are cut to this, which is seen as too long. */
  static final int MAX_RECEIVED_BYTES =
      Math.max(Wire.MAX_PACKET_BYTES, TextIntake.MAX_PACKET_BYTES) + 1;

  private static final int QUEUE_LENGTH = 4096;
  private static final int MAX_TRIES = 16;

  private final boolean epoll;
  private final MultiThreadIoEventLoopGroup group;
  private final List<UdpThread> threads = new ArrayList<>();

  /**
   * Starts the threads; nothing is bound yet.
   *
   * @param nativeTransport whether epoll is used where it is there
   */
  public UdpSockets(
      int wanted, boolean nativeTransport, Clock clock, Counters counters, Mishaps mishaps) {
    epoll = nativeTransport && Epoll.isAvailable();
    int count = epoll ? wanted : 1;
    group =
        new MultiThreadIoEventLoopGroup(
            count,
            new DefaultThreadFactory("sky-udp", true),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    for (int i = 0; i < count; i++) {
      threads.add(new UdpThread(group.next(), QUEUE_LENGTH, clock, counters, mishaps));
    }
  }

  /** What the sockets are made of: {@code epoll} or {@code nio}. */
  public String transport() {
    return epoll ? "epoll" : "nio";
  }

  @Override
  public int threads() {
    return threads.size();
  }

  /** Where a thread runs its tasks. */
  public Executor loop(int thread) {
    return threads.get(thread).loop();
  }

  /** Where a thread's answers go. */
  public Replies replies(int thread) {
    return threads.get(thread);
  }

  @Override
  public boolean pass(int thread, byte[] bytes, int offset, int length, InetSocketAddress from) {
    return threads.get(thread).offer(Arrays.copyOfRange(bytes, offset, offset + length), from);
  }

  /**
   * Binds all sockets and begins to receive.
   *
   * @return the address, with the port that the system chose where it was 0
   * @throws IOException where the address is in use or not of this machine
   */
  public InetSocketAddress bind(
      InetSocketAddress wanted, int receiveBufferBytes, IntFunction<Receiver> receivers)
      throws IOException {
    InetSocketAddress address = reserve(wanted);
    for (int i = 0; i < threads.size(); i++) {
      threads.get(i).setReceiver(receivers.apply(i));
    }
    for (UdpThread thread : threads) {
      bind(thread, address, receiveBufferBytes);
    }
    for (UdpThread thread : threads) {
      var unused =
          thread
              .loop()
              .scheduleWithFixedDelay(
                  () -> thread.run(thread.receiver()::tick), 1, 1, TimeUnit.SECONDS);
    }
    return address;
  }

  /** Gives each thread what it does with text; before this, text is no packet of Sky. */
  public void takeText(Supplier<TextIntake> intakes) {
    for (UdpThread thread : threads) {
      thread.takeText(intakes.get());
    }
  }

  /** Returns when each thread has done what it was at; false where that takes too long. */
  public boolean awaitTurn(long timeoutMs) {
    CompletableFuture<?>[] turns =
        threads.stream()
            .map(thread -> CompletableFuture.runAsync(() -> {}, thread.loop()))
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(turns)
        .thenApply(turned -> true)
        .completeOnTimeout(false, timeoutMs, TimeUnit.MILLISECONDS)
        .join();
  }

  /**
   * Finds out whether the address is free. With SO_REUSEPORT alone another server of the same user
   * could have it, too, and the kernel would share the packets out between them.
   */
  private static InetSocketAddress reserve(InetSocketAddress wanted) throws IOException {
    for (int tries = 1; ; tries++) {
      try (DatagramChannel probe = DatagramChannel.open()) {
        probe.bind(wanted);
        InetSocketAddress free = (InetSocketAddress) probe.getLocalAddress();
        if (wanted.getPort() != 0 || tries == MAX_TRIES || isFreeForTcp(free)) {
          return free;
        }
      }
    }
  }

  /** Text is taken over TCP at the same port, so that one is wanted which is free for both. */
  private static boolean isFreeForTcp(InetSocketAddress address) {
    try (ServerSocketChannel probe = ServerSocketChannel.open()) {
      probe.bind(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void bind(UdpThread thread, InetSocketAddress address, int receiveBufferBytes)
      throws IOException {
    Bootstrap bootstrap =
        DatagramReading.of(new Bootstrap(), epoll, MAX_RECEIVED_BYTES)
            .group(thread.loop())
            .option(ChannelOption.SO_RCVBUF, receiveBufferBytes)
            .handler(thread);
    if (epoll) {
      bootstrap.option(EpollChannelOption.SO_REUSEPORT, true);
    }
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(String.valueOf(bound.cause().getMessage()), bound.cause());
    }
  }

  /** The receive buffer that the system gave each socket. */
  public int receiveBufferBytes() {
    Channel channel = threads.get(0).channel();
    return channel == null ? 0 : DatagramReading.receiveBufferBytes(channel);
  }

  /** Does something with each receiver, on its loop, and sends what comes of it. */
  public void forEach(Consumer<Receiver> action) {
    for (UdpThread thread : threads) {
      thread.run(() -> action.accept(thread.receiver()));
    }
  }

  /** Closes the sockets and ends the threads. */
  @Override
  public void close() {
    for (UdpThread thread : threads) {
      Channel channel = thread.channel();
      if (channel != null) {
        channel.close().awaitUninterruptibly();
      }
    }
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(6, TimeUnit.SECONDS);
  }
}
