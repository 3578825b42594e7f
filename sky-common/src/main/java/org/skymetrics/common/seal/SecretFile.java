package org.skymetrics.common.seal;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The file that holds the secrets, one a line. It is read again when it has changed, so that a
 * secret can be changed while all runs. Others must not be able to read it.
 *
 * <p>{@link #get()} is for any thread; it reads nothing.
 */
public final class SecretFile implements Supplier<Secrets> {
  private static final long MAX_BYTES = 64 << 10;

  private final Path path;
  private volatile Secrets secrets;
  private String state;

  private SecretFile(Path path, Secrets secrets, String state) {
    this.path = path;
    this.secrets = secrets;
    this.state = state;
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong with it
   */
  public static SecretFile open(Path path) {
    // Before it is read: a change in between is seen the next time.
    String state = state(path);
    return new SecretFile(path, read(path), state);
  }

  @Override
  public Secrets get() {
    return secrets;
  }

  /**
   * Reads the file again where it has changed. What was read before stays in force where it can't
   * be used now.
   *
   * @return what happened, as a sentence for a log; null where the file is what it was
   */
  public synchronized @Nullable String refresh() {
    String now = state(path);
    if (now.equals(state)) {
      return null;
    }
    state = now;
    try {
      Secrets read = read(path);
      secrets = read;
      return "the secrets are read again from " + path + "; " + read.all().size() + " are accepted";
    } catch (IllegalArgumentException e) {
      return e.getMessage() + "; the secrets of before stay in force";
    }
  }

  private static String state(Path path) {
    try {
      BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
      return found.lastModifiedTime() + " " + found.size() + " " + found.fileKey();
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }

  private static Secrets read(Path path) {
    try {
      refuseWhatOthersRead(path);
      if (Files.size(path) > MAX_BYTES) {
        throw fault(path, "is longer than " + MAX_BYTES + " bytes");
      }
      List<String> lines = Files.readAllLines(path);
      return Secrets.parse(lines);
    } catch (NoSuchFileException e) {
      throw fault(path, "is not there");
    } catch (MalformedInputException e) {
      throw fault(path, "is not text");
    } catch (IOException e) {
      throw fault(path, "can't be read (" + e.getMessage() + ")");
    } catch (IllegalArgumentException e) {
      String why = String.valueOf(e.getMessage());
      throw why.startsWith("the secret file ") ? e : fault(path, "can't be used: " + why);
    }
  }

  private static void refuseWhatOthersRead(Path path) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> given = view.readAttributes().permissions();
    if (given.contains(PosixFilePermission.OTHERS_READ)
        || given.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw fault(path, "can be read or written by any user of this machine; chmod 600 it");
    }
  }

  private static IllegalArgumentException fault(Path path, String what) {
    return new IllegalArgumentException("the secret file " + path + " " + what);
  }
}
