package org.skymetrics.server.fuzz;

/**
 * A fault behind six comparisons, each a branch of its own: random bytes would find it once in 2^48
 * tries, who is led by coverage in some thousands.
 */
public final class PlantedTarget {
  private PlantedTarget() {}

  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length >= 6 && data[0] == 's') {
      if (data[1] == 'k') {
        if (data[2] == 'y') {
          if (data[3] == '>') {
            if (data[4] == 'n') {
              if (data[5] == 'o') {
                throw new IllegalStateException("found");
              }
            }
          }
        }
      }
    }
  }
}
