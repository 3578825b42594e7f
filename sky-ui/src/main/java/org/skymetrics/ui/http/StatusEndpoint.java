package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;
import org.skymetrics.common.time.Clock;
import org.skymetrics.common.time.Period;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.batch.ShardPeriod;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.member.Standing;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.ui.count.Reading;
import org.skymetrics.ui.keys.KeyFeed;
import org.skymetrics.ui.keys.KeyIndex;
import org.skymetrics.ui.members.MemberClient;
import org.skymetrics.ui.members.Reply;

/** {@code /api/status}: the members and what each says of itself, the stores, lag and counters. */
final class StatusEndpoint implements Endpoint {
  private final Period period;
  private final MemberClient members;
  private final PeriodStore periods;
  private final HistoryStore history;
  private final KeyIndex index;
  private final KeyFeed feed;
  private final Workers workers;
  private final Clock clock;
  private final Supplier<List<Reading>> readings;
  private final long startNs;

  StatusEndpoint(
      Period period,
      MemberClient members,
      PeriodStore periods,
      HistoryStore history,
      KeyIndex index,
      KeyFeed feed,
      Workers workers,
      Clock clock,
      Supplier<List<Reading>> readings) {
    this.period = period;
    this.members = members;
    this.periods = periods;
    this.history = history;
    this.index = index;
    this.feed = feed;
    this.workers = workers;
    this.clock = clock;
    this.readings = readings;
    this.startNs = clock.monotonicNs();
  }

  @Override
  public String path() {
    return "/api/status";
  }

  @Override
  public Set<String> parameters() {
    return Set.of();
  }

  @Override
  public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
    return members
        .status()
        .compose(
            replies ->
                workers.run(
                    () -> {
                      Mail mail = readMail();
                      return Answered.json(Json.bytes(out -> write(out, replies, mail)))
                          .with("Cache-Control", "no-store");
                    }));
  }

  /** How far the period store is, or why that is not known. */
  private record Mail(
      int waiting, @Nullable Long oldestMs, long clockDifferenceMs, @Nullable String fault) {}

  private Mail readMail() {
    try {
      SortedSet<ShardPeriod> waiting = periods.waiting();
      Long oldestMs = waiting.isEmpty() ? null : waiting.first().startMs();
      return new Mail(waiting.size(), oldestMs, periods.clockMs() - clock.wallMs(), null);
    } catch (StoreException e) {
      return new Mail(0, null, 0, String.valueOf(e.getMessage()));
    }
  }

  private void write(JsonGenerator out, List<Reply<JsonNode>> replies, Mail mail)
      throws IOException {
    long nowMs = clock.wallMs();
    out.writeStartObject();
    out.writeNumberField("now", nowMs / 1000);
    out.writeNumberField("uptimeSeconds", (clock.monotonicNs() - startNs) / 1_000_000_000);
    out.writeNumberField("period", period.lengthMs() / 1000);
    out.writeArrayFieldStart("members");
    Ring ring = members.list().ring();
    List<Standing> standings = members.list().standings();
    for (Reply<JsonNode> reply : replies) {
      writeMember(out, reply, ring, standings);
    }
    out.writeEndArray();
    writeLeft(out, standings);
    writeStores(out, mail);
    Long oldestMs = mail.oldestMs();
    long lagMs = oldestMs == null ? 0 : Math.max(0, nowMs - oldestMs - period.lengthMs());
    out.writeNumberField("lagSeconds", lagMs / 1000);
    out.writeNumberField("keys", index.size());
    SeriesJson.writePartial(
        out,
        Stream.concat(
                replies.stream().filter(r -> r.fault() != null).map(Reply::describeFault),
                feed.missing().stream())
            .toList());
    out.writeObjectFieldStart("counters");
    for (Reading reading : readings.get()) {
      out.writeNumberField(reading.name(), reading.value());
    }
    out.writeEndObject();
    out.writeEndObject();
  }

  private static void writeMember(
      JsonGenerator out, Reply<JsonNode> reply, Ring ring, List<Standing> standings)
      throws IOException {
    Member member = reply.member();
    out.writeStartObject();
    writeWho(out, member);
    int index = ring.members().indexOf(member);
    out.writeNumberField("share", index < 0 ? 0 : ring.shares()[index]);
    for (Standing standing : standings) {
      if (standing.member().equals(member)) {
        writeStanding(out, standing);
      }
    }
    JsonNode status = reply.value();
    if (status == null) {
      out.writeStringField("error", reply.fault());
    } else {
      out.writeFieldName("status");
      out.writeTree(status);
    }
    out.writeEndObject();
  }

  private static void writeWho(JsonGenerator out, Member member) throws IOException {
    out.writeStringField("name", member.name());
    out.writeStringField("host", member.host());
    out.writeNumberField("udpPort", member.udpPort());
    out.writeNumberField("adminPort", member.adminPort());
  }

  private static void writeStanding(JsonGenerator out, Standing standing) throws IOException {
    out.writeStringField("state", standing.state().name().toLowerCase(Locale.ROOT));
    out.writeNumberField("heardMs", standing.heard().toMillis());
  }

  private static void writeLeft(JsonGenerator out, List<Standing> standings) throws IOException {
    out.writeArrayFieldStart("left");
    for (Standing standing : standings) {
      if (!standing.mayHoldCounts()) {
        out.writeStartObject();
        writeWho(out, standing.member());
        writeStanding(out, standing);
        out.writeEndObject();
      }
    }
    out.writeEndArray();
  }

  private void writeStores(JsonGenerator out, Mail mail) throws IOException {
    out.writeObjectFieldStart("stores");
    out.writeObjectFieldStart("period");
    out.writeStringField("store", periods.describe());
    if (mail.fault() != null) {
      out.writeStringField("error", mail.fault());
    } else {
      out.writeNumberField("waiting", mail.waiting());
      Long oldestMs = mail.oldestMs();
      if (oldestMs != null) {
        out.writeNumberField("oldestWaiting", oldestMs / 1000);
      }
      out.writeNumberField("clockDifferenceMs", mail.clockDifferenceMs());
    }
    out.writeEndObject();
    out.writeObjectFieldStart("history");
    out.writeStringField("store", history.describe());
    out.writeEndObject();
    out.writeEndObject();
  }
}
