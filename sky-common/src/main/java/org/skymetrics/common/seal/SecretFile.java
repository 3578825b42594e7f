package org.skymetrics.common.seal;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.file.PrivateFile;

/**
 * The file that holds the secrets, one a line. It is read again when it has changed, so that a
 * secret can be changed while all runs. Others must not be able to read it.
 *
 * <p>{@link #get()} is for any thread; it reads nothing.
 */
public final class SecretFile implements Supplier<Secrets> {
  private final PrivateFile<Secrets> file;

  private SecretFile(PrivateFile<Secrets> file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong with it
   */
  public static SecretFile open(Path path) {
    return new SecretFile(PrivateFile.open("secret", path, Secrets::parse));
  }

  @Override
  public Secrets get() {
    return file.get();
  }

  /**
   * Reads the file again where it has changed. What was read before stays in force where it can't
   * be used now.
   *
   * @return what happened, as a sentence for a log; null where the file is what it was
   */
  public @Nullable String refresh() {
    Secrets before = file.get();
    String change = file.refresh();
    return change == null || file.get() == before
        ? change
        : change + "; " + file.get().all().size() + " are accepted";
  }
}
