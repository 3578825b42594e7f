package org.skymetrics.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;

final class EntryTableTest {
  /** A step adds a key that is not there, and removes one that is. */
  @Property(tries = 200)
  void shouldHoldWhatAMapWould(@ForAll @Size(max = 400) List<@IntRange(max = 99) Integer> steps) {
    EntryTable table = new EntryTable();
    Map<Key, Entry> model = new HashMap<>();
    for (int step : steps) {
      Key key = Key.of("k|" + step);
      Entry made = new Entry(Key.of("k|" + step), Kind.COUNTER);
      Entry present = model.putIfAbsent(key, made);
      assertThat(table.putIfAbsent(made)).isSameAs(present);
      if (present != null) {
        assertThat(table.remove(made)).as("another of the key").isFalse();
        assertThat(table.remove(present)).isTrue();
        assertThat(table.remove(present)).isFalse();
        model.remove(key);
      }
      assertThat(table.get(key)).isSameAs(model.get(key));
    }
    List<Entry> all = new ArrayList<>();
    table.addTo(all);
    assertThat(all).containsExactlyInAnyOrderElementsOf(model.values());
  }
}
