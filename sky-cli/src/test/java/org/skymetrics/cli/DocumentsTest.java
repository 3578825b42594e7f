package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.skymetrics.rollup.RollupCounter;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.ui.count.UiCounter;
import picocli.CommandLine;

/** The documents say what the command does. */
final class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private final CommandLine sky =
      Main.commandLine(
          new Outside(
              Map.of(),
              new ByteArrayInputStream(new byte[0]),
              new PrintStream(PrintStream.nullOutputStream()),
              new PrintStream(PrintStream.nullOutputStream()),
              false,
              ZoneOffset.UTC,
              new Stop()));

  /** {@code mvn test -Dsky.write.docs=true} writes the page anew. */
  @Test
  void shouldTellAllOptionsInTheConfigurationPage() throws IOException {
    Path page = ROOT.resolve("docs/configuration.md");
    String text = ConfigurationPage.text(sky);
    if (Boolean.getBoolean("sky.write.docs")) {
      Files.writeString(page, text);
    }
    assertThat(page).content().isEqualTo(text);
  }

  @Test
  void shouldShowOnlyCommandsAndOptionsThatThereAreInTheReadme() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    List<String> lines = new ArrayList<>();
    Matcher line = Pattern.compile("(?m)^\\./sky +(.*?)(?: +#.*)?$").matcher(readme);
    while (line.find()) {
      lines.add(line.group(1));
    }
    assertThat(lines).hasSizeGreaterThan(8);
    lines.forEach(this::requireThatThereIs);
  }

  private void requireThatThereIs(String shown) {
    CommandLine command = sky.getSubcommands().get(shown.split(" ", 2)[0]);
    assertThat(command).as(shown).isNotNull();
    CommandLine called = inner(command, shown);
    Matcher option = Pattern.compile("(?<= )--[a-z-]+").matcher(shown);
    while (option.find()) {
      assertThat(called.getCommandSpec().optionsMap()).as(shown).containsKey(option.group());
    }
  }

  @Test
  void shouldNameCountersThatThereAreInTheOperationsPage() throws IOException {
    Matcher named =
        Pattern.compile("`sky_(server|ui|rollup)_([a-z0-9_]+)_total`")
            .matcher(Files.readString(ROOT.resolve("docs/operations.md")));
    int counters = 0;
    while (named.find()) {
      counters++;
      assertThat(labels(named.group(1))).as(named.group()).contains(named.group(2));
    }
    assertThat(counters).isGreaterThan(40);
  }

  private static Set<String> labels(String module) {
    return switch (module) {
      case "server" -> labels(ServerCounter.values(), ServerCounter::label);
      case "ui" -> labels(UiCounter.values(), UiCounter::label);
      default -> labels(RollupCounter.values(), RollupCounter::label);
    };
  }

  private static <C> Set<String> labels(C[] counters, Function<C, String> label) {
    return Stream.of(counters).map(label).collect(Collectors.toSet());
  }

  @Test
  void shouldShowOnlyCommandsAndOptionsThatThereAreInTheOperationsPage() throws IOException {
    Matcher line =
        Pattern.compile("(?m)^    (?:/opt/sky/)?sky +(.*?)(?: +#.*)?$")
            .matcher(Files.readString(ROOT.resolve("docs/operations.md")));
    int lines = 0;
    while (line.find()) {
      lines++;
      requireThatThereIs(line.group(1));
    }
    assertThat(lines).isGreaterThan(7);
  }

  /** Each setting that the file shows, those that are commented out too. */
  @Test
  void shouldPackageAConfigurationFileThatAllPartsTake(@TempDir Path folder) throws IOException {
    String shown = Files.readString(ROOT.resolve("packaging/sky.conf"));
    Path all =
        Files.writeString(folder.resolve("sky.conf"), shown.replaceAll("(?m)^#([a-z-]+ = )", "$1"));

    CommandRun run = CommandRun.of("load", "--keys=-3", "--config=" + all);

    assertThat(run.err()).contains("not -3").doesNotContain("sky.conf");
    assertThat(Files.readString(all)).contains("\nriak = ", "\nstatsd-from = ");
  }

  /** The command that a line calls: {@code sky history verify}. */
  private static CommandLine inner(CommandLine command, String shown) {
    String[] words = shown.split(" +", 3);
    CommandLine below = words.length < 2 ? null : command.getSubcommands().get(words[1]);
    return below == null ? command : below;
  }

  /** Each row of what an attacker can't do, and of what no fault does, is as good as its test. */
  @ParameterizedTest
  @ValueSource(strings = {"docs/security.md", "docs/reliability.md"})
  void shouldNameTestsThatThereAre(String page) throws IOException {
    Matcher named =
        Pattern.compile("`([A-Z][A-Za-z]*(?:Test|IT))(?:\\.(should[A-Za-z0-9]*))?`")
            .matcher(Files.readString(ROOT.resolve(page)));
    int tests = 0;
    while (named.find()) {
      tests++;
      String method = named.group(2);
      assertThat(source(named.group(1)))
          .as(named.group())
          .contains(method == null ? "void should" : " " + method + "(");
    }
    assertThat(tests).isGreaterThan(20);
  }

  private static String source(String testClass) throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.map(m -> m.resolve("src/test/java")).toList()) {
        if (Files.isDirectory(module)) {
          try (Stream<Path> files = Files.walk(module)) {
            Optional<Path> found = files.filter(f -> f.endsWith(testClass + ".java")).findFirst();
            if (found.isPresent()) {
              return Files.readString(found.get());
            }
          }
        }
      }
    }
    throw new AssertionError("no test " + testClass);
  }

  @Test
  void shouldLeadToDocumentsThatThereAre() throws IOException {
    TreeSet<String> missing = new TreeSet<>();
    for (String page : List.of("README.md", "docs/operations.md", "docs/scale.md")) {
      Path file = ROOT.resolve(page);
      Matcher link =
          Pattern.compile("\\]\\(([A-Za-z][^)#:]*)(?:#[^)]*)?\\)").matcher(Files.readString(file));
      while (link.find()) {
        if (!Files.exists(file.resolveSibling(link.group(1)))) {
          missing.add(link.group(1));
        }
      }
    }
    // Written by the benchmarks.
    missing.remove("docs/performance.md");
    assertThat(missing).isEmpty();
  }
}
