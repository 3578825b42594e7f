package org.skymetrics.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.common.seal.SecretFile;
import picocli.CommandLine.Option;

/** The secret that the parts of a ring and its clients share. */
final class SecretOptions {
  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description =
          "The file with the secret that all of a ring share: packets are sealed with it. One secret a"
              + " line, 32 bytes or more in base64 or hex; the first seals, all are accepted. It is"
              + " read again when it changes. Others must not be able to read it.")
  private @Nullable Path secretFile;

  /** The file, read; null where none is named. */
  @Nullable SecretFile open() {
    try {
      return secretFile == null ? null : SecretFile.open(secretFile);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--secret-file: " + e.getMessage());
    }
  }
}
