package org.skymetrics.client;

import org.jspecify.annotations.Nullable;

/**
 * Tells virtual threads apart without an API that Java 17 lacks: by the class that the platform
 * makes them of.
 */
final class VirtualThreads {
  private static final @Nullable Class<?> CLASS = find();

  private VirtualThreads() {}

  static boolean is(Thread thread) {
    return CLASS != null && CLASS.isInstance(thread);
  }

  private static @Nullable Class<?> find() {
    try {
      // The class above all virtual threads, those bound to a platform thread included.
      return Class.forName("java.lang.BaseVirtualThread", false, null);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }
}
