package org.skymetrics.store.live;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.skymetrics.store.batch.Series;

/** The seconds that a {@link Follower} is told, each item in the form in which it is told. */
public interface SecondSource {
  /** From which second on a series is known whole; null where that is not known yet. */
  @Nullable Long keptFrom(Series series);

  /** The seconds in which something came or changed after a version, the newest first. */
  List<Long> changed(long version);

  /**
   * What a series has in a second, if it came or changed after a version; null else.
   *
   * @return not to be changed
   */
  byte @Nullable [] item(long second, Series series, long version);
}
