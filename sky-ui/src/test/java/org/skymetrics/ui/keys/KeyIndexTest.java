package org.skymetrics.ui.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
  void shouldWalkAllKeysInOrderSomeAtATime() {
    see("b", Kind.COUNTER, 1000);
    see("b", Kind.GAUGE, 1000);
    see("a|x", Kind.COUNTER, 2000);
    see("c", Kind.COUNTER, 500);
    see("d", Kind.HISTOGRAM, 3000);

    KeyWalk first = index.walk(null, 1000, 2, key -> true);
    assertThat(first.keys()).extracting(KeyEntry::key).containsExactly(Key.of("a|x"));
    assertThat(first.next()).isEqualTo(Key.of("a|x"));
    KeyWalk second = index.walk(first.next(), 1000, 1, key -> true);
    assertThat(second.keys()).extracting(KeyEntry::key).containsExactly(Key.of("b"));
    KeyWalk last = index.walk(second.next(), 1000, 2, key -> true);
    assertThat(last.keys()).extracting(KeyEntry::key).containsExactly(Key.of("d"));
    assertThat(last.next()).isNull();
    assertThat(index.walk(null, ALL, 9, Key.of("c")::equals).keys()).hasSize(1);
  }

  @Test
  void shouldEndAWalkThatFindsNothingForLong() {
    Map<Series, Long> many = new HashMap<>();
    for (int i = 0; i <= KeyIndex.MAX_WALKED; i++) {
      many.put(new Series(Key.of("k" + i), Kind.COUNTER), 1L);
    }
    index.add(many);

    KeyWalk walk = index.walk(null, ALL, 5, key -> false);
    assertThat(walk.keys()).isEmpty();
    assertThat(walk.next()).isNotNull();
    assertThat(index.walk(walk.next(), ALL, 5, key -> false).next()).isNull();
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

  /** More keys than are fresh at a time, in between deleted and counted again. */
  @Test
  void shouldFindWhatIsNewAndNotWhatWasDeletedAmongMany() {
    Map<Series, Long> many = new HashMap<>();
    for (int i = 0; i < 3_000; i++) {
      many.put(new Series(Key.of("host-" + i + "|cpu"), Kind.GAUGE), 1L);
    }
    index.add(many);
    assertThat(names(index.search("host-29", 3)))
        .containsExactly("host-29|cpu", "host-290|cpu", "host-291|cpu");
    assertThat(names(index.search("29|CPU", 2))).containsExactly("host-29|cpu", "host-129|cpu");
    assertThat(index.search("cpu\nhost", 3).keys()).isEmpty();

    see("a>host-29", Kind.COUNTER, 1);
    see("HOST-29", Kind.COUNTER, 1);
    index.delete(Map.of(new Series(Key.of("host-29|cpu"), Kind.GAUGE), 5L));
    assertThat(names(index.search("host-29", 3)))
        .containsExactly("HOST-29", "host-290|cpu", "host-291|cpu");
    see("host-29|cpu", Kind.GAUGE, 7);
    assertThat(names(index.search("host-29", 2))).containsExactly("HOST-29", "host-29|cpu");
    assertThat(names(index.search("host-29", 5_000))).hasSize(113).doesNotHaveDuplicates();
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

  /** Lists that are read again, with some keys more and some fewer, and deletions between them. */
  @Property(tries = 200)
  void shouldHoldWhatAllListsSay(
      @ForAll @Size(max = 12) List<@Size(max = 15) Set<@IntRange(max = 20) Integer>> lists) {
    KeyIndex random = new KeyIndex();
    Set<Key> all = new TreeSet<>();
    long ms = 0;
    for (Set<Integer> list : lists) {
      ms++;
      Map<Series, Long> series = new TreeMap<>();
      for (int n : list) {
        series.put(new Series(Key.of("k" + n % 5 + "|" + n), Kind.values()[n % 2]), ms);
      }
      Set<Key> keys = series.keySet().stream().map(Series::key).collect(Collectors.toSet());
      if (list.contains(0)) {
        series.replaceAll((one, seenMs) -> seenMs + 1);
        random.delete(series);
        all.removeAll(keys);
        ms++;
      } else {
        random.add(series);
        all.addAll(keys);
      }

      KeyWalk walk = random.walk(null, ALL, 1000, key -> true);
      assertThat(walk.keys()).extracting(KeyEntry::key).containsExactlyElementsOf(all);
    }
  }
}
