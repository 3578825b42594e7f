package org.skymetrics.common.file;

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
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A text file with what is not for all eyes: secrets, passwords, tokens. It is read again when it
 * has changed, so that it can be changed while all runs. Others must not be able to read it.
 *
 * <p>{@link #get()} is for any thread; it reads nothing.
 */
public final class PrivateFile<T> implements Supplier<T> {
  private static final long MAX_BYTES = 64 << 10;

  private final String noun;
  private final Path path;
  private final Function<List<String>, T> parse;
  private volatile T content;
  private String state;

  private PrivateFile(
      String noun, Path path, Function<List<String>, T> parse, T content, String state) {
    this.noun = noun;
    this.path = path;
    this.parse = parse;
    this.content = content;
    this.state = state;
  }

  /**
   * Reads a file.
   *
   * @param noun what one thing in it is: {@code secret}
   * @param parse makes something of its lines; throws IllegalArgumentException with a sentence that
   *     tells nothing of what is in them
   * @throws IllegalArgumentException with a sentence that says what is wrong with it
   */
  public static <T> PrivateFile<T> open(String noun, Path path, Function<List<String>, T> parse) {
    // Before it is read: a change in between is seen the next time.
    String state = state(path);
    return new PrivateFile<>(noun, path, parse, read(noun, path, parse), state);
  }

  @Override
  public T get() {
    return content;
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
      content = read(noun, path, parse);
      return "the " + noun + "s are read again from " + path;
    } catch (IllegalArgumentException e) {
      return e.getMessage() + "; the " + noun + "s of before stay in force";
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

  private static <T> T read(String noun, Path path, Function<List<String>, T> parse) {
    List<String> lines = lines(noun, path);
    try {
      return parse.apply(lines);
    } catch (IllegalArgumentException e) {
      throw fault(noun, path, "can't be used: " + e.getMessage());
    }
  }

  private static List<String> lines(String noun, Path path) {
    try {
      refuseWhatOthersRead(noun, path);
      if (Files.size(path) > MAX_BYTES) {
        throw fault(noun, path, "is longer than " + MAX_BYTES + " bytes");
      }
      return Files.readAllLines(path);
    } catch (NoSuchFileException e) {
      throw fault(noun, path, "is not there");
    } catch (MalformedInputException e) {
      throw fault(noun, path, "is not text");
    } catch (IOException e) {
      throw fault(noun, path, "can't be read (" + e.getMessage() + ")");
    }
  }

  private static void refuseWhatOthersRead(String noun, Path path) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> given = view.readAttributes().permissions();
    if (given.contains(PosixFilePermission.OTHERS_READ)
        || given.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw fault(noun, path, "can be read or written by any user of this machine; chmod 600 it");
    }
  }

  private static IllegalArgumentException fault(String noun, Path path, String what) {
    return new IllegalArgumentException("the " + noun + " file " + path + " " + what);
  }
}
