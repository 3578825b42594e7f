package org.skymetrics.cli.settings;

import org.jspecify.annotations.Nullable;

/** Why a command can't do what it was asked: a sentence for its user, and an exit status. */
public final class CommandFailure extends RuntimeException {
  /** All went well. */
  public static final int OK = 0;

  /** It was asked rightly, and it did not work. */
  public static final int FAILED = 1;

  /** It was asked wrongly: an option, a value, the configuration. */
  public static final int USAGE = 2;

  /** There is an answer, and it is not complete: a member of the ring did not reply. */
  public static final int PARTIAL = 3;

  private final int exitStatus;

  private CommandFailure(int exitStatus, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.exitStatus = exitStatus;
  }

  /** It did not work. */
  public static CommandFailure failed(String sentence) {
    return new CommandFailure(FAILED, sentence, null);
  }

  /** It did not work, because of {@code cause}, which is shown at log level debug. */
  public static CommandFailure failed(String sentence, Throwable cause) {
    return new CommandFailure(FAILED, sentence, cause);
  }

  /** It was asked wrongly. */
  public static CommandFailure usage(String sentence) {
    return new CommandFailure(USAGE, sentence, null);
  }

  public int exitStatus() {
    return exitStatus;
  }

  /** The sentence. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
