package org.skymetrics.server.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.skymetrics.common.key.Key;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.statsd.Dialect;
import org.skymetrics.server.statsd.RandomLines;
import org.skymetrics.server.statsd.SlowParser;

/**
 * Random lines through all that a server does with text, against the slow parser and sums in plain
 * maps: a hundred thousand lines.
 */
class TextFoldPropertyTest {
  private static final int LINES = 1_000;
  private static final Pattern SAID =
      Pattern.compile("(.*?)(\\+=|~=|:=|<-)(-?[0-9.E-]+)(?:\\*([0-9.E-]+))?(?:@([0-9]+))?");

  /** What should come of the lines. */
  private static final class Model {
    final Map<String, Double> sums = new HashMap<>();
    final Map<String, Double> magnitudes = new HashMap<>();
    final Map<String, Double> weights = new HashMap<>();
    final Map<String, Set<String>> weighed = new HashMap<>();
    final Map<String, Double> gauges = new HashMap<>();
    final Map<String, Set<String>> sets = new HashMap<>();

    /**
     * Gauges whose last value is another than the last line's: of a check, a child, or the past.
     */
    final Set<String> otherGauges = new HashSet<>();

    long lines;
    long notSupported;
    long late;

    void take(List<String> said) {
      if (said.isEmpty() || said.get(0).startsWith("refused")) {
        return;
      }
      for (String one : said) {
        if (one.startsWith("TextEvent")) {
          return;
        }
        if (one.startsWith("TextServiceCheck")) {
          String key = one.substring(one.indexOf(", key=") + 6, one.indexOf(", status="));
          otherGauges.addAll(withParents(key));
          return;
        }
        Matcher matcher = SAID.matcher(one);
        if (matcher.matches() && matcher.group(5) != null) {
          long seconds = Long.parseLong(matcher.group(5));
          long ago = TextBench.START_MS / 1000 - seconds;
          boolean isNow = seconds == 1_700_000_000;
          if (ago > 24 * 3600) {
            late++;
            return;
          }
          if (!isNow && said.stream().anyMatch(s -> s.contains("~="))) {
            notSupported++;
            return;
          }
        }
      }
      lines++;
      said.forEach(this::apply);
    }

    private void apply(String one) {
      int has = one.indexOf(" has ");
      Matcher matcher = SAID.matcher(one);
      if (matcher.matches()) {
        number(
            matcher.group(1),
            matcher.group(2),
            Double.parseDouble(matcher.group(3)),
            matcher.group(4) == null ? 1 : Double.parseDouble(matcher.group(4)),
            "1699999000".equals(matcher.group(5)));
      } else if (has > 0) {
        String member = one.substring(has + 5);
        withParents(one.substring(0, has))
            .forEach(key -> sets.computeIfAbsent(key, k -> new HashSet<>()).add(member));
      } else {
        assertThat(one).isEqualTo("unknown field");
      }
    }

    private void number(String key, String what, double value, double weight, boolean isPast) {
      List<String> all = withParents(key);
      switch (what) {
        case "+=" ->
            all.forEach(
                k -> {
                  sums.merge(k, value, Double::sum);
                  magnitudes.merge(k, Math.abs(value), Double::sum);
                });
        case "<-" ->
            all.forEach(
                k -> {
                  weights.merge(k, weight, Double::sum);
                  weighed.computeIfAbsent(k, w -> new HashSet<>()).add(key);
                });
        default -> {
          otherGauges.addAll(all.subList(1, all.size()));
          if (isPast) {
            otherGauges.add(key);
          }
          gauges.merge(key, value, (before, v) -> what.equals("~=") ? before + v : v);
        }
      }
    }

    private static List<String> withParents(String key) {
      List<String> all = new ArrayList<>(List.of(key));
      Key.of(key).parents().forEach(parent -> all.add(parent.toString()));
      return all;
    }
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void shouldAddUpAsTheSlowParserSays(@ForAll Random random, @ForAll Dialect dialect) {
    TextBench bench = new TextBench(dialect);
    Model model = new Model();
    for (int i = 0; i < LINES; i++) {
      String line = RandomLines.line(random);
      model.take(SlowParser.parse(dialect, line));
      bench.take(line);
    }
    assertThat(bench.counted(ServerCounter.TEXT_LINES)).isEqualTo(model.lines);
    assertThat(bench.counted(ServerCounter.TEXT_NOT_SUPPORTED)).isEqualTo(model.notSupported);
    assertThat(bench.counted(ServerCounter.TEXT_LATE)).isGreaterThanOrEqualTo(model.late);
    model.sums.forEach(
        (key, sum) -> {
          // Beyond 64 bits a counter wraps, and doubles tell nothing of the rest.
          if (model.magnitudes.get(key) < 1e15) {
            assertThat(bench.recording.sum(key))
                .as(key)
                .isCloseTo(sum, within(1e-9 * model.magnitudes.get(key) + 1e-12));
          }
        });
    model.weights.forEach(
        (key, weight) ->
            assertThat((double) bench.recording.samples(key))
                .as(key)
                .isCloseTo(weight, within(0.5001 * model.weighed.get(key).size())));
    model.sets.forEach(
        (key, members) ->
            assertThat(bench.recording.members(key)).as(key).isEqualTo(members.size()));
    model.gauges.forEach(
        (key, value) -> {
          if (!model.otherGauges.contains(key) && Math.abs(value) < 1e15) {
            assertThat(bench.recording.gauge(key))
                .as(key)
                .isCloseTo(value, within(1e-9 * Math.abs(value) + 1e-6));
          }
        });
  }
}
