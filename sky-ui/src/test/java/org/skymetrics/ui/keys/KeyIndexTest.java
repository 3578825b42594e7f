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
import org.skymetrics.store.batch.Series;

final class KeyIndexTest {
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

    assertThat(index.children(null, 10).keys())
        .containsExactly(
            new KeyEntry(Key.of("app"), "app", "", Set.of(), true, 3000),
            new KeyEntry(
                Key.of("http_status"), "http_status", "", Set.of(Kind.COUNTER), true, 2000));
    assertThat(index.children(Key.of("http_status"), 10).keys())
        .containsExactly(
            new KeyEntry(Key.of("http_status|200"), "200", "|", Set.of(Kind.COUNTER), false, 2000),
            new KeyEntry(
                Key.of("http_status|404"),
                "404",
                "|",
                Set.of(Kind.COUNTER, Kind.GAUGE),
                false,
                1000));
    assertThat(index.children(Key.of("app"), 10).keys())
        .extracting(KeyEntry::separator)
        .containsExactly(">");
    assertThat(index.children(Key.of("nothing"), 10).keys()).isEmpty();
  }

  @Test
  void shouldSayWhereThereAreMore() {
    see("a", Kind.COUNTER, 1);
    see("b", Kind.COUNTER, 1);
    assertThat(index.children(null, 1).truncated()).isTrue();
    assertThat(index.children(null, 2).truncated()).isFalse();
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
