package org.skymetrics.ui.live;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.live.Follower.Item;
import org.skymetrics.store.live.Follower.Second;
import org.skymetrics.store.live.Follower.Told;
import org.skymetrics.store.live.SecondBook;
import org.skymetrics.store.live.SecondSource;

/**
 * The seconds of all members as one: a book for each, whose cells are merged when they are asked
 * for. So a member may tell a second again, or later than the others, and nothing counts twice.
 * What a member told stays when it is gone.
 *
 * <p>One thread.
 */
final class MergedSeconds implements SecondSource {
  private static final long MAX_BOOK_BYTES = 64L << 20;

  /** Puts a merged cell in the form in which it is told. */
  interface Wording {
    byte[] of(Series series, Cell cell);
  }

  private final Wording wording;
  private final Map<String, SecondBook> books = new HashMap<>();
  private final Set<String> connected = new HashSet<>();

  /** What was worded since the version changed: most pages are told the same. */
  private final Map<Place, byte[]> worded = new HashMap<>();

  private long version;

  private record Place(long second, Series series) {}

  MergedSeconds(Wording wording) {
    this.wording = wording;
  }

  private SecondBook book(String member) {
    return books.computeIfAbsent(member, m -> new SecondBook(MAX_BOOK_BYTES));
  }

  /** The first second that a member has not told; 0 where it has told none. */
  long to(String member) {
    return book(member).to();
  }

  /** From now on nothing is known whole without this member. */
  void connect(String member) {
    connected.add(member);
  }

  /** What it told stays. */
  void disconnect(String member) {
    connected.remove(member);
  }

  /**
   * Takes what a member told.
   *
   * @return how many seconds were forgotten for it
   */
  int take(String member, Told told) {
    version++;
    worded.clear();
    SecondBook book = book(member);
    if (told.to() < book.to()) {
      book.restart(told.to(), told.to());
    }
    told.kept().forEach(book::keep);
    for (Second second : told.seconds()) {
      for (Item item : second.items()) {
        book.put(second.time(), item.series(), item.bytes(), version);
      }
    }
    return book.advance(told.to());
  }

  /** Forgets a series. */
  void drop(Series series) {
    books.values().forEach(book -> book.drop(series));
  }

  /** Forgets what members that are gone told long ago. */
  void forgetBefore(long second) {
    books.values().forEach(book -> book.forgetBefore(second));
    books.entrySet().removeIf(b -> !connected.contains(b.getKey()) && b.getValue().to() < second);
  }

  long version() {
    return version;
  }

  @Override
  public @Nullable Long keptFrom(Series series) {
    Long latest = null;
    for (String member : connected) {
      Long from = book(member).keptFrom(series);
      if (from == null) {
        return null;
      }
      latest = latest == null ? from : Long.valueOf(Math.max(latest, from));
    }
    return latest;
  }

  @Override
  public List<Long> changed(long after) {
    Set<Long> seconds = new TreeSet<>(Comparator.reverseOrder());
    books.values().forEach(book -> seconds.addAll(book.changed(after)));
    return new ArrayList<>(seconds);
  }

  @Override
  public byte @Nullable [] item(long second, Series series, long after) {
    Collection<SecondBook> all = books.values();
    for (SecondBook book : all) {
      if (book.item(second, series, after) != null) {
        return worded.computeIfAbsent(
            new Place(second, series), place -> wording.of(series, merged(place)));
      }
    }
    return null;
  }

  private Cell merged(Place place) {
    Cell all = place.series().kind().newCell();
    for (SecondBook book : books.values()) {
      byte[] stored = book.item(place.second(), place.series());
      Cell cell = stored == null ? null : Cell.load(place.series().kind(), new ByteReader(stored));
      if (cell != null) {
        all.merge(cell);
      }
    }
    return all;
  }
}
