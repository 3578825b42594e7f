package org.skymetrics.rollup;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.StoreException.Fault;

/** What a rollup counts: its work, and each thing that went wrong. */
public enum RollupCounter {
  PASSES("looks at the mailboxes that were finished"),
  BATCHES_DONE("batches moved from a mailbox to the done-list"),
  BLOCKS_WRITTEN("blocks written to history"),
  BLOCKS_RETIRED("blocks removed because chunk files hold all of them"),
  HOURS_MADE("hours made again in columns"),
  DAYS_MADE("days made again in columns"),
  MONTHS_MADE("months made again in columns"),
  CHUNK_FILES_WRITTEN("chunk files written to history"),
  CHUNK_FILES_REMOVED("chunk files removed because others took their place, or by retention"),
  SPANS_THINNED("days and months of which retention removed a level"),
  KEY_LISTS_WRITTEN("key lists written to history"),
  ANNOTATIONS_MOVED("annotations moved to history"),
  ANNOTATION_DAYS_FULL(
      "times that annotations were dropped because the day they are of has as many as it may"),
  ANNOTATIONS_DAMAGED(
      "days of annotations in history that can't be read; they are left, and what is new waits"),
  SHARDS_LEASED_ELSEWHERE("shards left to another rollup that holds their lease"),
  STORE_UNAVAILABLE("work ended by a store that was not reached; it is tried again"),
  STORE_TIMEOUT("work ended by a store that did not answer in time; it is tried again"),
  STORE_REFUSES_WRITES("work ended by a store that takes no writes; it is tried again"),
  STORE_NOT_ALLOWED("work ended by a store that refused user, password or rights"),
  STORE_FOREIGN_CONTENT("work ended by something in a store that is not Sky's"),
  STORE_OTHER("work ended by another error that a store reported"),
  BLOCKS_DAMAGED(
      "blocks in history that can't be read; they and their window are left as they are"),
  CATALOGS_DAMAGED("catalogues that can't be read; work on their shard waits, nothing is lost"),
  CHUNKS_DAMAGED("chunk files that can't be read or lack batches; what is below them stays"),
  SPANS_NOT_COVERED("blocks and hours not removed since the files above lack some of them"),
  SPANS_OVERTAKEN("spans left since another rollup made them and what is above them meanwhile"),
  BATCHES_PAST_RETENTION("batches refused since the periods of their day are no longer kept"),
  KEY_LISTS_DAMAGED("key lists that could not be read; kept under damaged/, and begun anew"),
  DELETIONS_DAMAGED("reads of deletion lists that could not be read; left as they are"),
  BATCHES_FOREIGN("batches found in the mailbox of another shard or period; left there"),
  BATCHES_DAMAGED("batches whose cells can't be read; they stay where they are"),
  BATCHES_IN_CONFLICT("batches of one name with different bytes; the greater one was kept"),
  BATCHES_NOT_READ_BACK("batches written but not found when read back; they stay in the mailbox"),
  PERIODS_DIFFERENT("periods whose sums in the period store differ from those of their batches"),
  PERIODS_FORGOTTEN("periods of which the period store has forgotten batches that history holds"),
  WINDOWS_FAILED("windows whose work ended in an unexpected error; they are tried again"),
  ADMIN_REFUSED("requests to the admin HTTP refused for their Host or for want of a token");

  private static final Map<Fault, RollupCounter> BY_FAULT =
      new EnumMap<>(
          Map.of(
              Fault.UNAVAILABLE, STORE_UNAVAILABLE,
              Fault.TIMEOUT, STORE_TIMEOUT,
              Fault.REFUSES_WRITES, STORE_REFUSES_WRITES,
              Fault.NOT_ALLOWED, STORE_NOT_ALLOWED,
              Fault.FOREIGN_CONTENT, STORE_FOREIGN_CONTENT,
              Fault.OTHER, STORE_OTHER));

  private final String description;

  RollupCounter(String description) {
    this.description = description;
  }

  static RollupCounter of(StoreException e) {
    return BY_FAULT.getOrDefault(e.fault(), STORE_OTHER);
  }

  /** The name in metrics and status, in snake case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String description() {
    return description;
  }
}
