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
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
    for (String shown : lines) {
      CommandLine command = sky.getSubcommands().get(shown.split(" ", 2)[0]);
      assertThat(command).as(shown).isNotNull();
      command = inner(command, shown);
      Matcher option = Pattern.compile("(?<= )--[a-z-]+").matcher(shown);
      while (option.find()) {
        assertThat(command.getCommandSpec().optionsMap()).as(shown).containsKey(option.group());
      }
    }
  }

  /** The command that a line calls: {@code sky history verify}. */
  private static CommandLine inner(CommandLine command, String shown) {
    String[] words = shown.split(" +", 3);
    CommandLine below = words.length < 2 ? null : command.getSubcommands().get(words[1]);
    return below == null ? command : below;
  }

  /** Each row of what an attacker can't do is as good as its test. */
  @Test
  void shouldNameTestsThatThereAreInTheSecurityPage() throws IOException {
    Matcher named =
        Pattern.compile("`([A-Z][A-Za-z]*(?:Test|IT))\\.(should[A-Za-z0-9]*)`")
            .matcher(Files.readString(ROOT.resolve("docs/security.md")));
    int tests = 0;
    while (named.find()) {
      tests++;
      assertThat(source(named.group(1))).as(named.group()).contains(" " + named.group(2) + "(");
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
    Matcher link =
        Pattern.compile("\\]\\(([A-Za-z][^)#:]*)\\)")
            .matcher(Files.readString(ROOT.resolve("README.md")));
    while (link.find()) {
      if (!Files.exists(ROOT.resolve(link.group(1)))) {
        missing.add(link.group(1));
      }
    }
    // Written by the benchmarks.
    missing.remove("docs/performance.md");
    assertThat(missing).isEmpty();
  }
}
