package org.skymetrics.cli.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.skymetrics.cli.SkyProcess;
import org.skymetrics.client.Sky;

/** A {@code sky standalone} in a process of its own, and a client that counts in it. */
record CountingStandalone(SkyProcess process, Sky sky) implements AutoCloseable {

  static CountingStandalone start(String period) {
    try {
      Path folder =
          Files.createTempDirectory(Files.createDirectories(Path.of("target", "page")), "sky-");
      SkyProcess process =
          SkyProcess.daemon(
              folder,
              "standalone",
              "--period",
              period,
              "--data",
              folder.resolve("data").toString(),
              "--udp=127.0.0.1:0",
              "--admin=127.0.0.1:0",
              "--http=127.0.0.1:0");
      return new CountingStandalone(process, Sky.connect(process.udp()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    sky.close();
    process.close();
  }
}
