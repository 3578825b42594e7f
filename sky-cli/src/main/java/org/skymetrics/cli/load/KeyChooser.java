package org.skymetrics.cli.load;

import java.util.SplittableRandom;

/**
 * Chooses keys as real traffic does: a few often, many seldom. The weight of the i-th is 1/(i+1).
 * Walker's alias method: two random numbers and one comparison for each choice.
 */
final class KeyChooser {
  private final double[] keep;
  private final int[] alias;

  KeyChooser(int keys) {
    keep = new double[keys];
    alias = new int[keys];
    double sum = 0;
    for (int i = 0; i < keys; i++) {
      keep[i] = 1.0 / (i + 1);
      sum += keep[i];
    }
    int[] small = new int[keys];
    int[] large = new int[keys];
    int smallCount = 0;
    int largeCount = 0;
    for (int i = 0; i < keys; i++) {
      keep[i] *= keys / sum;
      alias[i] = i;
      if (keep[i] < 1) {
        small[smallCount++] = i;
      } else {
        large[largeCount++] = i;
      }
    }
    while (smallCount > 0 && largeCount > 0) {
      int low = small[--smallCount];
      int high = large[largeCount - 1];
      alias[low] = high;
      keep[high] -= 1 - keep[low];
      if (keep[high] < 1) {
        largeCount--;
        small[smallCount++] = high;
      }
    }
  }

  int next(SplittableRandom random) {
    int i = random.nextInt(keep.length);
    return random.nextDouble() < keep[i] ? i : alias[i];
  }
}
