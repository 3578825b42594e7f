package org.skymetrics.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP hop before a Redis that passes a given number of bytes each way and then cuts the
 * connection.
 */
final class CuttingProxy implements AutoCloseable {
  private final int targetPort;
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicLong requestLeft = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong replyLeft = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong requestBytes = new AtomicLong();
  private final AtomicLong replyBytes = new AtomicLong();

  CuttingProxy(int targetPort) throws IOException {
    this.targetPort = targetPort;
    threads.execute(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /**
   * From now on, so many bytes of requests and of replies pass until a cut; then all pass again.
   */
  void cutAfter(long ofRequests, long ofReplies) {
    requestLeft.set(ofRequests);
    replyLeft.set(ofReplies);
    requestBytes.set(0);
    replyBytes.set(0);
  }

  /** Bytes of requests that came since the last {@link #cutAfter}. */
  long requestBytes() {
    return requestBytes.get();
  }

  long replyBytes() {
    return replyBytes.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket target = new Socket(InetAddress.getLoopbackAddress(), targetPort);
        threads.execute(() -> pass(client, target, requestLeft, requestBytes));
        threads.execute(() -> pass(target, client, replyLeft, replyBytes));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void pass(Socket from, Socket to, AtomicLong left, AtomicLong passed) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] part = new byte[4096];
      for (int n = in.read(part); n >= 0; n = in.read(part)) {
        int allowed = (int) Math.min(n, left.get());
        // Before it is passed on: who gets it may ask at once how much it was.
        passed.addAndGet(n);
        long leftThen = left.addAndGet(-n);
        out.write(part, 0, allowed);
        if (leftThen < 0 || allowed < n) {
          left.set(Long.MAX_VALUE);
          return;
        }
      }
    } catch (IOException e) {
      // Cut from the other side.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}
