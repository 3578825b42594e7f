package org.skymetrics.benchmarks.system;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What is sent to a daemon: statsd text of 34-byte lines, the same packets over and over.
 *
 * @param name how it is called in the table
 * @param keys how many keys, all equally often
 * @param type {@code c}, counters of 1, or {@code ms}, times of a log-normal distribution around 20
 * @param linesPerPacket how many lines a packet has; 0 for as many as 1440 bytes hold
 * @param samplesPerSecond how fast, at most
 */
record TextLoad(String name, int keys, String type, int linesPerPacket, long samplesPerSecond) {
  /** As fast as the sender can. */
  static final long SATURATED = Long.MAX_VALUE;

  private static final int MAX_PACKET_BYTES = 1440;
  private static final long SEED = 42;

  /** One pass over a load, or a bit more: packets, and how many lines all of them have. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Packets(byte[][] bytes, int[] lines) {}

  TextLoad at(long newSamplesPerSecond) {
    return new TextLoad(name, keys, type, linesPerPacket, newSamplesPerSecond);
  }

  /** The packets of some passes over all keys, each in an order of its own. */
  Packets packets() {
    Random random = new Random(SEED);
    List<byte[]> packets = new ArrayList<>();
    List<Integer> lines = new ArrayList<>();
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    int inPacket = 0;
    int[] order = new int[keys];
    for (int i = 0; i < keys; i++) {
      order[i] = i;
    }
    for (int pass = 0; pass < Math.max(1, 100_000 / keys); pass++) {
      shuffle(order, random);
      for (int key : order) {
        byte[] line = line(key, random);
        boolean full =
            linesPerPacket > 0
                ? inPacket == linesPerPacket
                : packet.size() + line.length > MAX_PACKET_BYTES;
        if (full) {
          packets.add(packet.toByteArray());
          lines.add(inPacket);
          packet.reset();
          inPacket = 0;
        }
        packet.writeBytes(line);
        inPacket++;
      }
    }
    packets.add(packet.toByteArray());
    lines.add(inPacket);
    return new Packets(
        packets.toArray(byte[][]::new), lines.stream().mapToInt(Integer::intValue).toArray());
  }

  private byte[] line(int key, Random random) {
    String line =
        type.equals("c")
            ? String.format(Locale.ROOT, "bench.service.request.%07d:1|c\n", key)
            : String.format(
                Locale.ROOT,
                "bench.timer.%07d:%09.4f|ms\n",
                key,
                Math.min(9999, 20 * Math.exp(random.nextGaussian())));
    return line.getBytes(StandardCharsets.US_ASCII);
  }

  private static void shuffle(int[] order, Random random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }
}
