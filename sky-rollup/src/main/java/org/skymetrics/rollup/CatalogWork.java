package org.skymetrics.rollup;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.skymetrics.common.key.Key;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.chunk.Catalog;
import org.skymetrics.store.chunk.CatalogShelf;
import org.skymetrics.store.chunk.Span;
import org.skymetrics.store.history.HistoryStore;

/**
 * The marks in the catalogues: what is to be made again, and who works on it.
 *
 * <p>Who moves batches marks them <em>after</em> their blocks are written; who makes a span again
 * takes its marks with a token <em>before</em> it reads what is below. A batch that the maker has
 * not read was so written after the marks were taken, its mover finds no open mark and puts one,
 * and that one the maker leaves, since it removes only those of its token. Each taking has a token
 * of its own. A maker that dies leaves its marks, and they are taken like open ones.
 */
final class CatalogWork {
  private final CatalogShelf shelf;
  private final String holder;
  private long taken;

  CatalogWork(HistoryStore history, String holder) {
    this.shelf = new CatalogShelf(history);
    this.holder = holder;
  }

  /**
   * The marks of a span in one's own hand.
   *
   * @param catalog as it was after they were taken
   */
  record Claim(int shard, Span span, long startMs, long token, int log2Parts, Catalog catalog) {}

  Catalog read(int shard) throws DamagedValueException {
    try {
      return shelf.read(shard);
    } catch (CorruptException e) {
      throw damaged(e);
    }
  }

  /** Names the hours of these places as ones with blocks, unless the catalogue read has them. */
  void expectBlocks(int shard, Collection<ShardPeriod> places, Catalog read)
      throws DamagedValueException {
    Set<Long> hours = new TreeSet<>();
    places.forEach(place -> hours.add(Span.HOUR.startOf(place.startMs())));
    if (!read.blocks().containsAll(hours)) {
      change(shard, catalog -> catalog.withBlocks(hours));
    }
  }

  /** Sees to it that batches which came into these periods are marked. */
  void mark(int shard, Collection<ShardPeriod> places) throws DamagedValueException {
    change(
        shard,
        catalog -> {
          Catalog marked = catalog;
          for (ShardPeriod place : places) {
            marked = marked.withBatches(place.startMs());
          }
          return marked;
        });
  }

  /** Takes the marks of a span, and names its files. */
  Claim take(int shard, Span span, long startMs, long periodMs, int series)
      throws DamagedValueException {
    long token = Key.sha256Head((holder + "/" + ++taken).getBytes(StandardCharsets.UTF_8)) | 1;
    change(
        shard,
        c -> c.claimed(span, startMs, token, Parts.log2(span, startMs, periodMs, series, c)));
    Catalog catalog = read(shard);
    Catalog.Files files = catalog.files(span).get(startMs);
    int log2Parts = files == null ? 0 : files.log2Parts();
    return new Claim(shard, span, startMs, token, log2Parts, catalog);
  }

  /** The span was made: what was taken of its marks goes, unless its parts are others by now. */
  Catalog finish(Claim claim) throws DamagedValueException {
    return change(
        claim.shard(),
        c -> {
          Catalog.Files files = c.files(claim.span()).get(claim.startMs());
          return files == null || files.log2Parts() != claim.log2Parts()
              ? c
              : c.without(claim.span(), claim.startMs(), claim.token());
        });
  }

  Catalog change(int shard, UnaryOperator<Catalog> change) throws DamagedValueException {
    try {
      return shelf.change(shard, change);
    } catch (CorruptException e) {
      throw damaged(e);
    }
  }

  private static DamagedValueException damaged(CorruptException e) {
    return new DamagedValueException(
        RollupCounter.CATALOGS_DAMAGED, String.valueOf(e.getMessage()));
  }
}
