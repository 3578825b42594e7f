package org.skymetrics.server.journal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;

/**
 * Which file of a segment a name stands for: {@code segment-<n>-<thread>} for packets, {@code
 * segment-<n>-batches} for what was folded from them.
 *
 * @param thread {@link Frames#BATCHES_THREAD} for the batches
 */
record SegmentFile(long segment, int thread) {
  private static final Pattern NAME =
      Pattern.compile("segment-([1-9][0-9]{0,17})-(batches|[0-9]{1,2})");

  static SegmentFile batches(long segment) {
    return new SegmentFile(segment, Frames.BATCHES_THREAD);
  }

  /** What a name stands for; null where it is not that of a segment's file. */
  static @Nullable SegmentFile parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return null;
    }
    String second = matcher.group(2);
    int thread = second.equals("batches") ? Frames.BATCHES_THREAD : Integer.parseInt(second);
    return new SegmentFile(Long.parseLong(matcher.group(1)), thread);
  }

  boolean isBatches() {
    return thread == Frames.BATCHES_THREAD;
  }

  String name() {
    return "segment-" + segment + "-" + (isBatches() ? "batches" : String.valueOf(thread));
  }

  static boolean isMagic(ByteReader in, String magic) {
    boolean same = true;
    for (int i = 0; i < magic.length(); i++) {
      same &= in.u8() == magic.charAt(i);
    }
    return same;
  }
}
