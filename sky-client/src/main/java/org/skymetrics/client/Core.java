package org.skymetrics.client;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.seal.ClientSeal;
import org.skymetrics.common.time.Clock;

/** What all scopes of one client share, and its beginning and end. */
final class Core {
  private static final int MAX_SCOPES = 1_000;
  private static final Duration LONGEST_WAIT = Duration.ofDays(365);

  private final Settings settings;
  private final Clock clock;
  private final Mishaps mishaps = new Mishaps();
  private final Epoch epoch = new Epoch();
  private final Progress progress = new Progress();
  private final Registry registry;
  private final Map<String, Sky> scopes = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private @Nullable SenderThread sender;
  private @Nullable Thread shutdownHook;

  Core(Settings settings, Clock clock, boolean strict) {
    this.settings = settings;
    this.clock = clock;
    registry =
        new Registry(
            settings.keyLimit(), strict, mishaps, new SourceFactory(epoch, clock::monotonicNs));
  }

  Mishaps mishaps() {
    return mishaps;
  }

  Progress progress() {
    return progress;
  }

  Registry registry() {
    return registry;
  }

  Epoch epoch() {
    return epoch;
  }

  Sender newSender(RandomGenerator random, Network network, ClientSeal seal) {
    return new Sender(settings, registry, epoch, mishaps, clock, random, network, seal, progress);
  }

  /** What sends all when the JVM ends, while the client is open; null where there is none. */
  @Nullable Thread shutdownHook() {
    return shutdownHook;
  }

  /** Has the thread run, and where it is wanted all sent when the JVM ends. */
  void start(SenderThread thread, boolean closeAtExit) {
    sender = thread;
    if (closeAtExit) {
      addShutdownHook();
    }
    thread.start();
  }

  private void addShutdownHook() {
    Thread hook = new Thread(this::close, "sky-shutdown");
    shutdownHook = hook;
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending already: close() is all that is left.
      shutdownHook = null;
    }
  }

  Sky root() {
    return scope("");
  }

  /**
   * The client in a scope; the same for the same prefix. Past the limit of scopes one that counts
   * its refusals and nothing else.
   */
  Sky scope(String prefix) {
    Sky present = scopes.get(prefix);
    if (present != null) {
      return present;
    }
    if (scopes.size() >= MAX_SCOPES) {
      mishaps.count(ClientCounter.REFUSED_SCOPE);
      return Sky.disabled();
    }
    return scopes.computeIfAbsent(
        prefix, p -> new Sky(this, new Recorder(p, registry, settings.sharedTableOnly())));
  }

  Stats stats() {
    return new Stats(
        registry.accepted(),
        progress.acknowledgedCounts(),
        registry.size(),
        progress.heldPackets(),
        progress.heldBytes(),
        mishaps.all());
  }

  boolean awaitAcknowledged(Duration timeout) {
    SenderThread thread = sender;
    return thread == null || (!closed.get() && thread.awaitAcknowledged(bounded(timeout)));
  }

  private static Duration bounded(Duration timeout) {
    return timeout.compareTo(LONGEST_WAIT) < 0 ? timeout : LONGEST_WAIT;
  }

  void close() {
    SenderThread thread = sender;
    if (thread == null || !closed.compareAndSet(false, true)) {
      return;
    }
    thread.close(settings.closeTimeout());
    Thread hook = shutdownHook;
    if (hook != null && Thread.currentThread() != hook) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The JVM is ending; the hook finds the client closed.
        shutdownHook = null;
      }
    }
  }
}
