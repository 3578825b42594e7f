package org.skymetrics.ui.http;

import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.dashboard.Dashboard;
import org.skymetrics.store.dashboard.Dashboards;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;

/**
 * Makes, edits and deletes dashboards, one after the other: who edits a version that does not hold
 * any more is told so, and nothing is overwritten.
 */
final class DashboardEdits {
  private final Dashboards shelf;
  private final Clock clock;
  private final Counters counters;

  DashboardEdits(Dashboards shelf, Clock clock, Counters counters) {
    this.shelf = shelf;
    this.clock = clock;
    this.counters = counters;
  }

  /** What a body says: how it is called, and what it shows. */
  record Content(String title, String json) {}

  synchronized Dashboard make(Content content) {
    Dashboard made = Dashboard.of(clock.wallMs(), content.title(), content.json());
    return put(made);
  }

  /** The one of this id; 404 where there is none. */
  Dashboard find(String id) {
    try {
      Dashboard present = shelf.find(id);
      if (present != null && !present.deleted()) {
        return present;
      }
    } catch (CorruptException e) {
      throw damaged(e);
    }
    throw new HttpFault(404, "there is no dashboard " + id);
  }

  synchronized Dashboard edit(String id, Content content, @Nullable String ifMatch) {
    return put(findAt(id, ifMatch).edit(clock.wallMs(), content.title(), content.json()));
  }

  synchronized Dashboard delete(String id, @Nullable String ifMatch) {
    return put(findAt(id, ifMatch).delete(clock.wallMs()));
  }

  private Dashboard findAt(String id, @Nullable String ifMatch) {
    IfMatch.requireSaid(ifMatch);
    Dashboard present = find(id);
    try {
      IfMatch.require(ifMatch, present.version(), "dashboard " + id);
    } catch (HttpFault e) {
      counters.count(UiCounter.EDITS_OVERTAKEN);
      throw e;
    }
    return present;
  }

  private Dashboard put(Dashboard next) {
    try {
      switch (shelf.put(next)) {
        case KEPT -> {
          counters.count(UiCounter.DASHBOARDS_WRITTEN);
          return next;
        }
        case OVERTAKEN -> {
          counters.count(UiCounter.EDITS_OVERTAKEN);
          throw new HttpFault(
              412, "dashboard " + next.id() + " was edited in this moment; read it again");
        }
        case FULL ->
            throw new HttpFault(
                409,
                "there are at most "
                    + Dashboards.MAX
                    + " dashboards, with "
                    + Dashboards.MAX_ALL
                    + " characters together; delete one that nobody needs");
      }
    } catch (CorruptException e) {
      throw damaged(e);
    }
    throw new IllegalStateException("an outcome that nobody knows");
  }

  private static HttpFault damaged(CorruptException e) {
    return new HttpFault(503, "the dashboards can't be read: " + e.getMessage());
  }
}
