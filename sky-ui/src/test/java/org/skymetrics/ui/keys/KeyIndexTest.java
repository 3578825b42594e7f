package org.skymetrics.ui.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.key.KeyPattern;
import org.skymetrics.store.batch.Series;

final class KeyIndexTest {
  private static final long ALL = Long.MIN_VALUE;

  private final KeyIndex index = new KeyIndex();

  private void see(String key, Kind kind, long ms) {
    index.add(Map.of(new Series(Key.of(key), kind), ms));
  }

  private static List<String> names(KeyPage page) {
    return page.keys().stream().map(entry -> entry.key().toString()).toList();
  }

  @Test
  void shouldListTheTreeOfSegments() {
    see("http_status", Kind.COUNTER, 1000);
    see("http_status|200", Kind.COUNTER, 2000);
    see("http_status|404", Kind.COUNTER, 1000);
    see("http_status|404", Kind.GAUGE, 500);
    see("app>latency|GET", Kind.HISTOGRAM, 3000);

    assertThat(index.children(null, ALL, 10).keys())
        .containsExactly(
            new KeyEntry(Key.of("app"), "app", "", Set.of(), true, 3000),
            new KeyEntry(
                Key.of("http_status"), "http_status", "", Set.of(Kind.COUNTER), true, 2000));
    assertThat(index.children(Key.of("http_status"), ALL, 10).keys())
        .containsExactly(
            new KeyEntry(Key.of("http_status|200"), "200", "|", Set.of(Kind.COUNTER), false, 2000),
            new KeyEntry(
                Key.of("http_status|404"),
                "404",
                "|",
                Set.of(Kind.COUNTER, Kind.GAUGE),
                false,
                1000));
    assertThat(index.children(Key.of("app"), ALL, 10).keys())
        .extracting(KeyEntry::separator)
        .containsExactly(">");
    assertThat(index.children(Key.of("nothing"), ALL, 10).keys()).isEmpty();
  }

  @Test
  void shouldSayWhereThereAreMore() {
    see("a", Kind.COUNTER, 1);
    see("b", Kind.COUNTER, 1);
    assertThat(index.children(null, ALL, 1).truncated()).isTrue();
    assertThat(index.children(null, ALL, 2).truncated()).isFalse();
    assertThat(index.search("a", 1).truncated()).isFalse();
  }

  @Test
  void shouldFindTheBestFirst() {
    for (String key :
        List.of("xget", "get", "api|get", "getter", "get|b", "get|a", "api>x|Get", "forget|it")) {
      see(key, Kind.COUNTER, 1);
    }
    see("way>there", Kind.COUNTER, 1);

    KeyPage page = index.search("GET", 100);

    assertThat(names(page))
        .containsExactly(
            "get", "get|a", "get|b", "getter", "api|get", "api>x|Get", "xget", "forget|it");
    assertThat(names(index.search("get", 2))).containsExactly("get", "get|a");
    assertThat(index.search("get", 2).truncated()).isTrue();
    assertThat(names(index.search("way", 9))).containsExactly("way>there");
    assertThat(index.search("no such", 9).keys()).isEmpty();
  }

  @Test
  void shouldFindWhatMatchesAPattern() {
    for (String key :
        List.of("n|env:prod", "n|env:prod,h:a", "n|env:test", "n|env:prod|x", "m|env:prod", "n")) {
      see(key, Kind.COUNTER, 1);
    }
    see("n|a>env:prod", Kind.GAUGE, 1);
    see("n|env:prod", Kind.GAUGE, 1);

    assertThat(matching("n|*env:prod*", null)).containsExactly("n|env:prod", "n|env:prod,h:a");
    assertThat(matching("*|env:prod", null)).containsExactly("m|env:prod", "n|env:prod");
    assertThat(matching("n|*", Kind.GAUGE)).containsExactly("n|env:prod");
    assertThat(matching("*|*>*", null)).containsExactly("n|a>env:prod");
    assertThat(matching("n|e*|x", null)).containsExactly("n|env:prod|x");
    assertThat(matching("n|env:test", null)).containsExactly("n|env:test");
    assertThat(matching("*", null)).containsExactly("n");
    assertThat(matching("x|*", null)).isEmpty();
    KeyMatches two = index.match(KeyPattern.of("n|*"), Kind.COUNTER, 2);
    assertThat(two.keys()).hasSize(2);
    assertThat(two.matched()).isEqualTo(3);
  }

  private List<String> matching(String pattern, Kind kind) {
    return index.match(KeyPattern.of(pattern), kind, 100).keys().stream()
        .map(entry -> entry.key().toString())
        .toList();
  }

  @Test
  void shouldListWhatWasSeenLately() {
    see("a|old", Kind.COUNTER, 1000);
    see("a|new", Kind.COUNTER, 5000);
    see("b|old", Kind.COUNTER, 1000);
    see("c", Kind.COUNTER, 5000);
    see("c|old", Kind.COUNTER, 1000);

    assertThat(names(index.children(null, 5000, 10))).containsExactly("a", "c");
    assertThat(names(index.children(Key.of("a"), 5000, 10))).containsExactly("a|new");
    assertThat(index.children(null, 5000, 10).keys())
        .extracting(KeyEntry::hasChildren)
        .containsExactly(true, false);
    assertThat(names(index.children(null, ALL, 10))).containsExactly("a", "b", "c");
    assertThat(names(index.search("old", 10))).containsExactly("a|old", "b|old", "c|old");
  }

  @Test
  void shouldForgetWhatWasDeletedUntilItIsSeenAgain() {
    see("a", Kind.COUNTER, 3000);
    see("a|b", Kind.COUNTER, 3000);
    see("a|b", Kind.GAUGE, 1000);
    see("d|e|f", Kind.COUNTER, 1000);

    index.delete(
        Map.of(
            new Series(Key.of("a|b"), Kind.COUNTER), 4000L,
            new Series(Key.of("d|e|f"), Kind.COUNTER), 4000L,
            new Series(Key.of("a"), Kind.COUNTER), 3000L,
            new Series(Key.of("never"), Kind.COUNTER), 4000L));

    assertThat(index.size()).isEqualTo(2);
    assertThat(index.children(null, ALL, 10).keys())
        .containsExactly(new KeyEntry(Key.of("a"), "a", "", Set.of(Kind.COUNTER), true, 3000));
    assertThat(index.children(Key.of("a"), ALL, 10).keys())
        .containsExactly(new KeyEntry(Key.of("a|b"), "b", "|", Set.of(Kind.GAUGE), false, 1000));

    see("a|b", Kind.COUNTER, 3999);
    see("d|e|f", Kind.COUNTER, 4000);
    assertThat(index.children(Key.of("a"), ALL, 10).keys().get(0).kinds())
        .containsExactly(Kind.GAUGE);
    assertThat(names(index.search("d", 10))).containsExactly("d|e|f");
  }

  @Property(tries = 200)
  void shouldFindJustWhatHoldsTheText(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 200) Integer> numbers,
      @ForAll @IntRange(min = 0, max = 20) int wanted,
      @ForAll @IntRange(min = 1, max = 30) int limit) {
    KeyIndex random = new KeyIndex();
    Set<String> all = new TreeSet<>();
    Map<Series, Long> series = new HashMap<>();
    for (int n : numbers) {
      String key = "k" + n % 13 + (n % 3 == 0 ? "|" : ">") + n;
      all.add(key);
      series.put(new Series(Key.of(key), Kind.COUNTER), (long) n);
    }
    random.add(series);

    Set<String> holding =
        all.stream().filter(key -> key.contains("" + wanted)).collect(Collectors.toSet());
    KeyPage page = random.search("" + wanted, limit);

    assertThat(names(page)).hasSize(Math.min(limit, holding.size())).allMatch(holding::contains);
    assertThat(page.truncated()).isEqualTo(holding.size() > limit);
    assertThat(names(random.search("" + wanted, 1000)).subList(0, page.keys().size()))
        .isEqualTo(names(page));
  }
}
