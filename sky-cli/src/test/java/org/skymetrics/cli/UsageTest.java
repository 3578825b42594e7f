package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class UsageTest {
  private static final List<String> COMMANDS =
      List.of(
          "demo",
          "standalone",
          "server",
          "rollup",
          "ui",
          "send",
          "tail",
          "load",
          "query",
          "keys",
          "status",
          "password",
          "token",
          "help");

  @Test
  void shouldListAllCommandsInTheHelp() {
    CommandRun help = CommandRun.of("help");

    assertThat(help.status()).isZero();
    for (String command : COMMANDS) {
      assertThat(help.out()).containsPattern("(?m)^  " + command + " +[A-Z]");
    }
    assertThat(help.out()).contains("Examples:", "Exit status:");
    assertThat(CommandRun.of("--help").out()).isEqualTo(help.out());
  }

  @Test
  void shouldExplainEachCommand() {
    for (String command : COMMANDS) {
      CommandRun help = CommandRun.of("help", command);
      assertThat(help.status()).as(command).isZero();
      assertThat(help.out().strip()).startsWith("Usage: sky " + command).doesNotContain("%n");
    }
  }

  @Test
  void shouldTellItsVersion() {
    CommandRun version = CommandRun.of("--version");

    assertThat(version.status()).isZero();
    assertThat(version.out()).startsWith("sky ");
  }

  @Test
  void shouldRefuseToDoNothing() {
    CommandRun alone = CommandRun.of();

    assertThat(alone.status()).isEqualTo(2);
    assertThat(alone.out()).isEmpty();
    assertThat(alone.err()).contains("Usage: sky", "a command is missing");
  }

  @Test
  void shouldNameAnOptionThatThereIsNot() {
    CommandRun run = CommandRun.of("query", "a", "--tootal");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo(
            "sky query: there is no option \"--tootal\"; did you mean --token or --token-file or --to or --total or --top?\n"
                + "Try: sky help query\n");
  }

  @Test
  void shouldNameACommandThatThereIsNot() {
    CommandRun run = CommandRun.of("qerry");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("\"qerry\"", "did you mean", "query");
  }

  @Test
  void shouldNameAllThatIsWrongAtOnce() {
    CommandRun run = CommandRun.of("query", "--http", "nowhere", "--format", "xml");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "an address is HOST:PORT (127.0.0.1:8125, [::1]:8125), not \"nowhere\"",
            "'--format'",
            "xml",
            "missing required parameter: 'KEY'");
  }

  @Test
  void shouldNameTheVariableThatHoldsAWrongValue() {
    CommandRun run = CommandRun.in(Map.of("SKY_HTTP", "nowhere"), "query", "a");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("not \"nowhere\" (SKY_HTTP in the environment)");
  }

  @Test
  void shouldRefuseABadKey() {
    CommandRun run = CommandRun.of("send", "counter", "a||b");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("\"a||b\" is not a key: a key has no empty segment");
    assertThat(CommandRun.of("send", "counter", "x".repeat(501)).err())
        .contains("a key has at most 500 bytes");
    assertThat(CommandRun.of("query", "").err()).contains("a key needs at least one byte");
  }

  @Test
  void shouldRefuseAValueThatIsNone() {
    assertThat(CommandRun.of("send", "counter", "a", "1.5").err())
        .contains("a counter's VALUE is an integer, not \"1.5\"");
    assertThat(CommandRun.of("send", "gauge", "a", "NaN").err())
        .contains("a VALUE is a finite number, not \"NaN\"");
    assertThat(CommandRun.of("send", "gauge", "a").err())
        .contains("a gauge needs a VALUE behind its key");
    assertThat(CommandRun.of("send", "sum", "a").err())
        .contains("a kind is counter, gauge or histogram, not \"sum\"");
  }

  @Test
  void shouldRefuseALogLevelThatThereIsNot() {
    CommandRun run = CommandRun.of("keys", "--log-level", "loud");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--log-level", "loud", "debug");
  }
}
