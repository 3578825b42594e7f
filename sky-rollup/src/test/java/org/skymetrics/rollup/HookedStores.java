package org.skymetrics.rollup;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.PeriodStore;

/** Stores whose every call goes through a hook: to cut it, or to let another go first. */
final class HookedStores {
  private HookedStores() {}

  /** Makes a call, or does not, or does more. */
  interface Hook {
    Object around(String method, Callable<Object> call) throws Exception;
  }

  static PeriodStore periods(PeriodStore store, Hook hook) {
    return proxy(PeriodStore.class, store, hook);
  }

  static HistoryStore history(HistoryStore store, Hook hook) {
    return proxy(HistoryStore.class, store, hook);
  }

  private static <T> T proxy(Class<T> type, T store, Hook hook) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              if (method.getName().equals("layout") || method.getName().equals("describe")) {
                return method.invoke(store, args);
              }
              return hook.around(
                  method.getName(),
                  () -> {
                    try {
                      return method.invoke(store, args);
                    } catch (InvocationTargetException e) {
                      throw e.getCause() instanceof Exception cause ? cause : e;
                    }
                  });
            }));
  }
}
