package org.skymetrics.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.skymetrics.server.fixture.CrashingFiles.Crash;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.PeriodStore;

/**
 * Through which one process calls its stores. At each call others may go first, for a moment or for
 * long; the store may be away; the call may fail, with or without effect; the process may die,
 * before the effect or after it.
 */
final class StoreGate {
  /** How a store is. */
  enum Condition {
    WORKS,
    AWAY,
    READ_ONLY,
    HANGS
  }

  private static final Set<String> NO_CALLS = Set.of("layout", "describe", "close");
  private static final Set<String> READS =
      Set.of("get", "states", "waiting", "mailbox", "counters", "gauges", "seen", "clockMs");
  private static final long SHORT_NS = 20_000_000;
  private static final long LONG_NS = 1_000_000_000;
  private static final long HANG_NS = 2_500_000_000L;

  private final World world;
  private final String name;
  private final Life life;
  private final Runnable death;
  private int callsToDeath = Integer.MAX_VALUE;

  StoreGate(World world, String name, Life life, Runnable death) {
    this.world = world;
    this.name = name;
    this.life = life;
    this.death = death;
  }

  /** The process dies at the n-th call from now. */
  void dieAfter(int calls) {
    callsToDeath = calls;
  }

  PeriodStore periods(PeriodStore store) {
    return proxy(PeriodStore.class, store);
  }

  HistoryStore history(HistoryStore store) {
    return proxy(HistoryStore.class, store);
  }

  private <T> T proxy(Class<T> type, T store) {
    boolean isHistory = type == HistoryStore.class;
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              Callable<Object> call =
                  () -> {
                    try {
                      return method.invoke(store, args);
                    } catch (InvocationTargetException e) {
                      if (e.getCause() instanceof Exception cause) {
                        throw cause;
                      }
                      throw new AssertionError(e.getCause());
                    }
                  };
              return NO_CALLS.contains(method.getName())
                  ? call.call()
                  : around(isHistory, method.getName(), call);
            }));
  }

  private Object around(boolean isHistory, String method, Callable<Object> call) throws Exception {
    Random random = world.random();
    life.require();
    world.timeline().trace(name + " calls " + method, 0, 0);
    wait(random);
    if (--callsToDeath < 0) {
      if (random.nextBoolean()) {
        call.call();
      }
      death.run();
      throw new Crash();
    }
    Condition condition = isHistory ? world.history : world.redisIs;
    switch (condition) {
      case AWAY -> throw new StoreException(Fault.UNAVAILABLE, "nobody answers");
      case READ_ONLY -> {
        if (!READS.contains(method)) {
          throw new StoreException(Fault.REFUSES_WRITES, "it takes no writes");
        }
      }
      case HANGS -> {
        world.letOthersGoOn(HANG_NS);
        life.require();
        throw failed(random, call, Fault.TIMEOUT);
      }
      case WORKS -> {}
    }
    if (random.nextDouble() < world.flakiness) {
      throw failed(random, call, random.nextBoolean() ? Fault.TIMEOUT : Fault.UNAVAILABLE);
    }
    Object result = call.call();
    wait(random);
    return result;
  }

  private void wait(Random random) {
    if (random.nextDouble() < world.waiting) {
      long mostNs = random.nextInt(20) == 0 ? LONG_NS : SHORT_NS;
      world.letOthersGoOn((long) (random.nextDouble() * mostNs));
    }
    life.require();
  }

  /** A failure of a call of which nobody knows whether it took effect. */
  private static StoreException failed(Random random, Callable<Object> call, Fault fault)
      throws Exception {
    if (random.nextBoolean()) {
      call.call();
    }
    return new StoreException(fault, "nobody knows whether it was done");
  }
}
