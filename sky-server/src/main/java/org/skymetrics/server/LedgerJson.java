package org.skymetrics.server;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.skymetrics.common.ledger.Outcome;
import org.skymetrics.server.count.Offenders.Offender;
import org.skymetrics.server.lane.SessionView;
import org.skymetrics.server.lane.Tally;

/** What became of packets, and who harms others, as docs/http-api.md has it. */
final class LedgerJson {
  private static final HexFormat HEX = HexFormat.of();

  private LedgerJson() {}

  static JsonObject of(Tally tally) {
    JsonObject refused = new JsonObject();
    for (Outcome outcome : Outcome.values()) {
      if (outcome.isRefusal() && tally.of(outcome) != 0) {
        refused.put(outcome.cause(), tally.of(outcome));
      }
    }
    return new JsonObject()
        .put("sent", tally.sent())
        .put("counted", tally.of(Outcome.COUNTED))
        .put("lost", tally.of(Outcome.LOST))
        .put("duplicate", tally.of(Outcome.DUPLICATE))
        .put("late", tally.of(Outcome.LATE))
        .put("refused", refused)
        .put("open", tally.open());
  }

  /** Those heard of last, at most so many; a session of several threads is one. */
  static JsonObject sessions(List<SessionView> perThread, int limit) {
    Map<Long, SessionView> bySession = new LinkedHashMap<>();
    perThread.forEach(view -> bySession.merge(view.session(), view, SessionView::and));
    JsonArray array = new JsonArray();
    bySession.values().stream()
        .sorted(Comparator.comparingLong(SessionView::lastMs).reversed())
        .limit(limit)
        .forEach(view -> array.add(of(view)));
    return new JsonObject().put("sessions", array).put("truncated", bySession.size() > limit);
  }

  private static JsonObject of(SessionView view) {
    InetSocketAddress at = view.address();
    return new JsonObject()
        .put("session", HEX.toHexDigits(view.session()))
        .put("address", at == null ? null : at.getAddress().getHostAddress() + ":" + at.getPort())
        .put("firstMs", view.firstMs())
        .put("lastMs", view.lastMs())
        .put("lanes", view.lanes())
        .put("patience", view.patience())
        .mergeIn(of(view.tally()));
  }

  static JsonArray of(Collection<Offender> offenders) {
    JsonArray array = new JsonArray();
    for (Offender offender : offenders) {
      JsonObject keys = new JsonObject();
      offender.keys().forEach(keys::put);
      array.add(
          new JsonObject()
              .put("offence", offender.offence().label())
              .put("who", offender.who())
              .put("times", offender.times())
              .put("firstMs", offender.firstMs())
              .put("lastMs", offender.lastMs())
              .put("keys", keys));
    }
    return array;
  }
}
