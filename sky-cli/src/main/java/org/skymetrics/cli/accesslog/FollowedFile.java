package org.skymetrics.cli.accesslog;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A log file that is read to its end, and on as it grows, by its name: where the name is given to a
 * new file (rotation) that is read next, where it is cut to nothing it is read again from its
 * start, and where it is missing it is waited for. As {@code tail -F} does.
 *
 * <p>A program that was told to open its log anew may still write a few lines into the old file. So
 * that one is read for some polls more before it is closed.
 */
public final class FollowedFile implements Closeable {
  private static final int POLLS_AFTER_ROTATION = 20;

  private final Path path;
  private final LineSink sink;
  private final byte[] buffer = new byte[64 * 1024];
  private boolean fromEnd;
  private @Nullable OpenLog current;
  private @Nullable OpenLog previous;
  private int previousPolls;
  private int rotations;
  private int truncations;

  /**
   * @param fromEnd whether what the file holds when it is first seen is passed over; a file that
   *     takes its name later is read from its start in any case
   */
  public FollowedFile(Path path, boolean fromEnd, LineSink sink) {
    this.path = path;
    this.fromEnd = fromEnd;
    this.sink = sink;
  }

  /**
   * Reads a piece of what is new.
   *
   * @return whether there was anything; then there may be more
   */
  public boolean poll() throws IOException {
    boolean fromPrevious = pollPrevious();
    if (current == null) {
      current = OpenLog.open(path, fromEnd, sink);
      fromEnd = false;
      return fromPrevious || current != null;
    }
    if (current.startAgainWhereCut()) {
      truncations++;
    }
    if (current.read(buffer)) {
      return true;
    }
    if (previous == null && !current.isSameAs(OpenLog.identityOf(path))) {
      previous = current;
      previousPolls = POLLS_AFTER_ROTATION;
      current = null;
      rotations++;
      return true;
    }
    return fromPrevious;
  }

  private boolean pollPrevious() throws IOException {
    if (previous == null) {
      return false;
    }
    if (previous.read(buffer)) {
      return true;
    }
    if (--previousPolls <= 0) {
      previous.finish();
      previous.close();
      previous = null;
    }
    return false;
  }

  /** Nothing more is to be read: takes what stands without a line end as a line. */
  public void finish() {
    if (previous != null) {
      previous.finish();
    }
    if (current != null) {
      current.finish();
    }
  }

  public Path path() {
    return path;
  }

  public boolean isOpen() {
    return current != null;
  }

  /** How often the name was given to another file. */
  public int rotations() {
    return rotations;
  }

  /** How often the file was cut. */
  public int truncations() {
    return truncations;
  }

  @Override
  public void close() throws IOException {
    if (previous != null) {
      previous.close();
      previous = null;
    }
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
