package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a project that depends on sky-client gets at run time: the build resolves and lists it. */
final class DependenciesIT {
  @Test
  void shouldBringNothingButSkyCommon() throws IOException {
    List<String> resolved =
        Files.readAllLines(Path.of(System.getProperty("sky.dependencies"))).stream()
            .map(String::strip)
            .filter(line -> line.contains(":"))
            .filter(line -> !line.endsWith("resolved:"))
            .toList();
    assertThat(resolved).hasSize(1);
    assertThat(resolved.get(0)).startsWith("org.skymetrics:sky-common:jar:");
  }
}
