package org.skymetrics.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.skymetrics.cli.settings.CommandFailure;

/** A file of lines that begin with a name and a colon: passwords, tokens. */
final class NamedLines {
  private NamedLines() {}

  /**
   * Puts a line into it, in place of the one of that name. It is written in place, so that it stays
   * its owner's; one that is made is for its owner alone.
   *
   * @param check refuses lines that are not such a file's, so that no other file is written to
   */
  static void put(Path file, String name, String line, Consumer<List<String>> check) {
    try {
      List<String> lines = new ArrayList<>();
      if (Files.exists(file)) {
        lines.addAll(Files.readAllLines(file));
      }
      int at = indexOf(lines, name);
      if (at < 0) {
        lines.add(line);
      } else {
        lines.set(at, line);
      }
      check.accept(lines);
      if (!Files.exists(file)) {
        Files.createFile(file, forTheOwner(file));
      }
      Files.write(file, lines);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(file + " is another kind of file: " + e.getMessage());
    } catch (IOException e) {
      throw CommandFailure.failed(file + " can't be written: " + e, e);
    }
  }

  private static int indexOf(List<String> lines, String name) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).strip().startsWith(name + ":")) {
        return i;
      }
    }
    return -1;
  }

  private static FileAttribute<?>[] forTheOwner(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
