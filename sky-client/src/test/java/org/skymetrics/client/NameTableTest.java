package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class NameTableTest {
  /** Names come, die and come again; a number that is dead is found until it is removed. */
  @Property(tries = 200)
  void shouldFindWhatAMapWouldHave(
      @ForAll @Size(max = 600) List<@IntRange(max = 200) Integer> steps) {
    NameTable table = new NameTable();
    PairTable pairs = new PairTable();
    Map<String, Integer> model = new HashMap<>();
    Set<Integer> dead = new HashSet<>();
    int number = 0;
    for (int step : steps) {
      String name = name(step);
      Integer present = model.get(name);
      if (present == null) {
        table.put(name, number, dead::contains);
        pairs.put("name", step, number, dead::contains);
        pairs.put("name", "s" + step, number, dead::contains);
        model.put(name, number++);
      } else {
        dead.add(present);
        model.remove(name);
        remove(table, pairs, dead);
      }
      for (int i = 0; i <= 200; i += 7) {
        int expected = model.getOrDefault(name(i), NameTable.MISSING);
        assertThat(table.find(name(i))).isEqualTo(expected);
        assertThat(pairs.find("name", i)).isEqualTo(expected);
        assertThat(pairs.find("name", "s" + i)).isEqualTo(expected);
      }
    }
    assertThat(table.length()).isLessThanOrEqualTo(2048);
  }

  private static void remove(NameTable table, PairTable pairs, Set<Integer> dead) {
    for (int from = 0; from < table.length(); from += 50) {
      table.remove(from, 50, dead::contains);
    }
    for (int from = 0; from < pairs.length(); from += 50) {
      pairs.remove(from, 50, dead::contains);
    }
  }

  /** A new String each time, and some of one hash. */
  private static String name(int i) {
    return i % 2 == 0 ? "Aa" + i / 4 * 4 + (i % 4 == 0 ? "Aa" : "BB") : "k" + i;
  }
}
