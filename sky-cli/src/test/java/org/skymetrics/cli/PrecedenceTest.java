package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An option wins over the environment, and that over the file. */
final class PrecedenceTest {
  @TempDir Path folder;

  @Test
  void shouldTakeTheOptionFirst() throws IOException {
    assertThat(keysSeen("-3", Map.of("SKY_KEYS", "-2"), "keys = -1")).isEqualTo("-3");
  }

  @Test
  void shouldTakeTheEnvironmentSecond() throws IOException {
    assertThat(keysSeen(null, Map.of("SKY_KEYS", "-2"), "keys = -1")).isEqualTo("-2");
  }

  @Test
  void shouldTakeTheFileThird() throws IOException {
    assertThat(keysSeen(null, Map.of(), "# a comment\nkeys = -1\nudp = 127.0.0.1:1"))
        .isEqualTo("-1");
    assertThat(keysSeen(null, Map.of("SKY_KEYS", ""), "keys=-1")).isEqualTo("-1");
  }

  @Test
  void shouldFindTheFileThroughTheEnvironment() throws IOException {
    Path file = Files.writeString(folder.resolve("sky.conf"), "keys = -7");

    CommandRun run = CommandRun.in(Map.of("SKY_CONFIG", file.toString()), "load");

    assertThat(run.err()).contains("not -7");
  }

  @Test
  void shouldTakeFlagsFromTheEnvironmentAndFromTheFile() throws IOException {
    Path file = Files.writeString(folder.resolve("sky.conf"), "once = true\nnew = true\n");
    String both = "--once reads what is there, --new passes over it";

    assertThat(CommandRun.of("tail", "x", "--config=" + file).err()).contains(both);
    assertThat(CommandRun.in(Map.of("SKY_ONCE", "true", "SKY_NEW", "true"), "tail", "x").err())
        .contains(both);
    assertThat(CommandRun.of("tail", "x", "--config=" + file, "--new=false").err())
        .doesNotContain(both);
  }

  @Test
  void shouldNameAllUnknownKeysOfAFileWithTheNearestKnown() throws IOException {
    Path file = Files.writeString(folder.resolve("sky.conf"), "shard = 4\nredsi = a:1\nudp=a:1\n");

    CommandRun run = CommandRun.of("load", "--config", file.toString());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            file.toString(),
            "there is no option \"redsi\", the nearest is \"redis\"",
            "there is no option \"shard\", the nearest is \"shards\"")
        .doesNotContain("\"udp\"");
  }

  @Test
  void shouldSayThatAFileIsMissing() {
    CommandRun run = CommandRun.of("load", "--config", folder.resolve("none").toString());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("none can't be read: there is no such file");
  }

  @Test
  void shouldNameTheFileThatHoldsAWrongValue() throws IOException {
    Path file = Files.writeString(folder.resolve("sky.conf"), "rate = fast");

    CommandRun run = CommandRun.of("load", "--config", file.toString());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("fast", "\"rate\" in " + file);
  }

  /** The number of keys that {@code load} refuses, which tells where it had it from. */
  private String keysSeen(String option, Map<String, String> environment, String file)
      throws IOException {
    Path path = Files.writeString(folder.resolve("sky.conf"), file);
    List<String> arguments = new ArrayList<>(List.of("load", "--config", path.toString()));
    if (option != null) {
      arguments.addAll(List.of("--keys", option));
    }
    CommandRun run = CommandRun.in(environment, arguments.toArray(new String[0]));
    assertThat(run.status()).isEqualTo(2);
    return run.err().replaceAll("(?s).*--keys is 1 to 1000000, not (-?[0-9]+).*", "$1");
  }
}
