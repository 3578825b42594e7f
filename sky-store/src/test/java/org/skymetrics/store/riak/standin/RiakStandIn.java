package org.skymetrics.store.riak.standin;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A node that speaks Riak's protocol on a port of its own on loopback. It keeps its data in memory,
 * shared with its {@linkplain #startPeer peers}, and does wrong what it is told to: see {@link
 * #inject}, {@link #hang} and {@link #stop}. Safe from any thread.
 */
public final class RiakStandIn implements AutoCloseable {
  private static final int MAX_FRAME_BYTES = 2 * Answers.MAX_VALUE_BYTES;

  private final Memory memory;
  private final Answers answers;
  private final @Nullable Security security;
  private final int port;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  // Under the lock of this.
  private final Map<Request, Deque<Fault>> faults = new EnumMap<>(Request.class);
  private final Map<Request, Integer> requests = new EnumMap<>(Request.class);
  private final Map<Request, Integer> busiest = new EnumMap<>(Request.class);
  private final Map<Request, Integer> busy = new EnumMap<>(Request.class);
  private final Map<Request, byte[]> last = new EnumMap<>(Request.class);
  private boolean hung;
  private int held;
  private int lives;
  private @Nullable ServerSocket server;
  private @Nullable Thread acceptor;

  private RiakStandIn(Memory memory, @Nullable Security security) {
    this.memory = memory;
    this.security = security;
    this.answers = new Answers(memory);
    this.port = listenAnywhere();
  }

  /** The only node of a new cluster without data. */
  public static RiakStandIn start() {
    return start(Marks.counted());
  }

  /** The same, with its security on. */
  public static RiakStandIn start(Security security) {
    return new RiakStandIn(new Memory(Marks.counted()), security);
  }

  static RiakStandIn start(Marks marks) {
    return new RiakStandIn(new Memory(marks), null);
  }

  /** One more node of this cluster: the same data, and faults of its own. */
  public RiakStandIn startPeer() {
    return new RiakStandIn(memory, security);
  }

  public int port() {
    return port;
  }

  /** HOST:PORT. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** Lets the next request of this kind that has no fault yet go wrong. */
  public synchronized void inject(Request request, Fault fault) {
    faults.computeIfAbsent(request, r -> new ArrayDeque<>()).add(fault);
  }

  /** Takes back all faults that were not used. */
  public synchronized void heal() {
    faults.clear();
  }

  /** From now on requests are taken in, but neither carried out nor answered. */
  public synchronized void hang() {
    hung = true;
  }

  /** Goes on with the requests that came while it hung, even where nobody waits any more. */
  public synchronized void resume() {
    hung = false;
    notifyAll();
  }

  /** Waits until this many requests are held by {@link #hang}. */
  public synchronized void awaitHeld(int n) throws InterruptedException {
    while (held < n) {
      wait();
    }
  }

  /** How many requests of this kind have come in. */
  public synchronized int count(Request request) {
    return requests.getOrDefault(request, 0);
  }

  /** The most requests of this kind that were in work at one time. */
  public synchronized int busiest(Request request) {
    return busiest.getOrDefault(request, 0);
  }

  /** The body of the last request of this kind, as it came; none before the first. */
  public synchronized byte[] last(Request request) {
    return last.getOrDefault(request, new byte[0]).clone();
  }

  /** Number of connections open now. */
  public int connections() {
    return connections.size();
  }

  /** Closes all connections, as a switch or a firewall does. */
  public void cutConnections() {
    connections.forEach(RiakStandIn::close);
  }

  /** The process ends with all requests that it holds: no port, no connection; the data stays. */
  public void stop() {
    ServerSocket listening;
    Thread accepting;
    synchronized (this) {
      listening = server;
      server = null;
      accepting = acceptor;
      acceptor = null;
      hung = false;
      lives++;
      notifyAll();
    }
    if (listening != null && accepting != null) {
      close(listening);
      // The port is free when the thread has left it.
      join(accepting);
    }
    cutConnections();
  }

  /** All data and bucket properties are gone, as after a set-up anew. */
  public void wipe() {
    memory.clear();
  }

  /** Starts again after {@link #stop}, on the same port. */
  public void restart() {
    listen(port);
  }

  @Override
  public void close() {
    stop();
  }

  /**
   * Listens on a port below those that systems give to outgoing connections: it stays free while
   * the node is stopped.
   */
  private int listenAnywhere() {
    for (int tries = 1; ; tries++) {
      try {
        return listen(ThreadLocalRandom.current().nextInt(15_000, 32_000));
      } catch (UncheckedIOException e) {
        if (tries == 100 || !(e.getCause() instanceof BindException)) {
          throw e;
        }
      }
    }
  }

  private int listen(int wantedPort) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), wantedPort), 128);
      synchronized (this) {
        server = socket;
        acceptor = start("riak-stand-in-" + wantedPort, () -> accept(socket));
      }
      return wantedPort;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Thread start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        connection.setTcpNoDelay(true);
        connections.add(connection);
        start("riak-stand-in-" + socket.getLocalPort() + "-connection", () -> serve(connection));
      } catch (IOException e) {
        close(socket);
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      Socket logged = security == null ? connection : security.secure(connection);
      if (logged.isClosed()) {
        return;
      }
      DataInputStream in = new DataInputStream(new BufferedInputStream(logged.getInputStream()));
      boolean goesOn = true;
      while (goesOn) {
        int length = in.readInt();
        if (length < 1 || length > MAX_FRAME_BYTES) {
          return;
        }
        Request request = Request.byCode(in.readUnsignedByte());
        byte[] body = new byte[length - 1];
        in.readFully(body);
        goesOn = answer(request, body, logged.getOutputStream());
      }
    } catch (IOException | InterruptedException e) {
      // The other side closed, or the stand-in was stopped: both end the connection.
    } finally {
      connections.remove(connection);
    }
  }

  /** Whether the connection stays open. */
  private boolean answer(@Nullable Request request, byte[] body, OutputStream out)
      throws IOException, InterruptedException {
    try {
      Fault fault = begin(request, body);
      if (fault instanceof Fault.CutRequest) {
        return false;
      }
      if (fault instanceof Fault.Error error) {
        out.write(Answers.error(error.text()));
        return true;
      }
      ByteArrayOutputStream reply = new ByteArrayOutputStream();
      answers.to(request, body).forEach(reply::writeBytes);
      if (fault instanceof Fault.Silence) {
        return true;
      }
      if (fault instanceof Fault.CutReply cut) {
        out.write(reply.toByteArray(), 0, Math.min(cut.bytes(), reply.size()));
        return false;
      }
      reply.writeTo(out);
      return true;
    } finally {
      end(request);
    }
  }

  private synchronized @Nullable Fault begin(@Nullable Request request, byte[] body)
      throws IOException, InterruptedException {
    if (request == null) {
      return null;
    }
    int life = lives;
    last.put(request, body);
    requests.merge(request, 1, Integer::sum);
    busiest.merge(request, busy.merge(request, 1, Integer::sum), Math::max);
    held++;
    notifyAll();
    while (hung) {
      wait();
    }
    held--;
    if (life != lives) {
      throw new IOException("stopped");
    }
    Deque<Fault> planned = faults.get(request);
    return planned == null ? null : planned.poll();
  }

  private synchronized void end(@Nullable Request request) {
    if (request != null) {
      busy.merge(request, -1, Integer::sum);
    }
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException("a socket could not be closed", e);
    }
  }
}
