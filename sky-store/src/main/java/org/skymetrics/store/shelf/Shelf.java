package org.skymetrics.store.shelf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.history.HistoryStore.Versions;

/**
 * What history has under one key, as it was read: a set of entries united by name, of two versions
 * the greater, and of two that say they are the same version the one whose bytes are greater. So
 * putting an entry twice is the same as once, and in any order.
 *
 * <p>A shelf with a sibling that can't be read is not to be written: to replace it would be to
 * throw away what may still be saved.
 */
public final class Shelf<E extends Shelved> {
  private final HistoryStore history;
  private final ShelfForm<E> form;
  private final String historyKey;
  private final Versions versions;
  private final List<SortedMap<String, E>> siblings = new ArrayList<>();
  private final SortedMap<String, E> entries = new TreeMap<>();
  private final List<String> damaged = new ArrayList<>();

  private Shelf(HistoryStore history, ShelfForm<E> form, String historyKey, Versions versions) {
    this.history = history;
    this.form = form;
    this.historyKey = historyKey;
    this.versions = versions;
    for (byte[] value : versions.values()) {
      try {
        siblings.add(form.parse(value));
      } catch (CorruptException e) {
        damaged.add(historyKey + ": " + e.getMessage());
      }
    }
    siblings.forEach(sibling -> unite(entries, sibling.values()));
  }

  /**
   * Reads a shelf.
   *
   * @throws org.skymetrics.store.StoreException where history is away
   */
  public static <E extends Shelved> Shelf<E> read(
      HistoryStore history, ShelfForm<E> form, String historyKey) {
    return new Shelf<>(history, form, historyKey, history.get(historyKey));
  }

  /** Reads many shelves, by their keys in history. */
  public static <E extends Shelved> Map<String, Shelf<E>> read(
      HistoryStore history, ShelfForm<E> form, Collection<String> historyKeys) {
    Map<String, Shelf<E>> shelves = new LinkedHashMap<>();
    history
        .get(historyKeys)
        .forEach((key, versions) -> shelves.put(key, new Shelf<>(history, form, key, versions)));
    return shelves;
  }

  /** Takes more entries in among others. */
  public static <E extends Shelved> void unite(SortedMap<String, E> all, Collection<E> more) {
    more.forEach(entry -> all.merge(entry.name(), entry, Shelf::later));
  }

  private static <E extends Shelved> E later(E a, E b) {
    if (a.version() != b.version()) {
      return a.version() > b.version() ? a : b;
    }
    return Arrays.compareUnsigned(bytes(a), bytes(b)) >= 0 ? a : b;
  }

  private static byte[] bytes(Shelved entry) {
    ByteWriter out = new ByteWriter(256);
    entry.write(out);
    return out.toBytes();
  }

  /** All entries, those that are deleted too. */
  public SortedMap<String, E> entries() {
    return Collections.unmodifiableSortedMap(entries);
  }

  /** The siblings that could not be read, and why. */
  public List<String> damaged() {
    return Collections.unmodifiableList(damaged);
  }

  /** Refuses a shelf of which something could not be read. */
  public void requireGood() throws CorruptException {
    if (!damaged.isEmpty()) {
      throw new CorruptException(String.join("; ", damaged));
    }
  }

  /**
   * What another writer has put under the name and version of an entry, beside it; null where
   * nobody has.
   */
  public @Nullable E rivalOf(E entry) {
    for (SortedMap<String, E> sibling : siblings) {
      E other = sibling.get(entry.name());
      if (other != null
          && other.version() == entry.version()
          && !Arrays.equals(bytes(other), bytes(entry))) {
        return other;
      }
    }
    return null;
  }

  /**
   * Writes the shelf with more entries, unless it is in history as it then is; read it again after
   * that.
   *
   * @throws CorruptException where a part of it could not be read
   */
  public void add(Collection<E> more) throws CorruptException {
    requireGood();
    SortedMap<String, E> united = new TreeMap<>(entries);
    unite(united, more);
    if (versions.values().size() > 1 || !united.equals(entries)) {
      history.put(historyKey, form.toBytes(united), versions.context());
    }
  }
}
