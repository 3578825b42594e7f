package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.key.KeyPattern;
import org.skymetrics.common.time.Clock;
import org.skymetrics.ui.keys.KeyEntry;
import org.skymetrics.ui.keys.KeyFeed;
import org.skymetrics.ui.keys.KeyIndex;
import org.skymetrics.ui.keys.KeyMatches;
import org.skymetrics.ui.keys.KeyPage;

/** {@code /api/keys} and {@code /api/search}: what there is to ask for. */
final class KeysEndpoints {
  private static final int MAX_LIMIT = 10_000;
  private static final int DEFAULT_LIMIT = 1000;

  private final KeyIndex index;
  private final KeyFeed feed;
  private final Workers workers;
  private final Clock clock;
  private final Duration live;

  /**
   * @param live how long a key stays in the tree after it was last seen
   */
  KeysEndpoints(KeyIndex index, KeyFeed feed, Workers workers, Clock clock, Duration live) {
    this.index = index;
    this.feed = feed;
    this.workers = workers;
    this.clock = clock;
    this.live = live;
  }

  List<Endpoint> all() {
    return List.of(new Tree(), new Search());
  }

  private static int limit(Parameters parameters) {
    return parameters.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
  }

  private Future<Answered> page(Callable<KeyPage> reading) {
    return workers.run(
        () -> {
          KeyPage page = reading.call();
          List<String> partial = feed.missing();
          return Answered.json(Json.bytes(out -> write(out, page, partial)))
              .with("Cache-Control", "no-store");
        });
  }

  private static void write(JsonGenerator out, KeyPage page, List<String> partial)
      throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("keys");
    for (KeyEntry entry : page.keys()) {
      out.writeStartObject();
      out.writeStringField("key", entry.key().toString());
      out.writeStringField("segment", entry.segment());
      out.writeStringField("separator", entry.separator());
      out.writeArrayFieldStart("kinds");
      for (Kind kind : entry.kinds()) {
        out.writeString(kind.label());
      }
      out.writeEndArray();
      out.writeBooleanField("children", entry.hasChildren());
      out.writeNumberField("lastSeen", entry.lastSeenMs() / 1000);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeBooleanField("truncated", page.truncated());
    SeriesJson.writePartial(out, partial);
    out.writeEndObject();
  }

  private final class Tree implements Endpoint {
    @Override
    public String path() {
      return "/api/keys";
    }

    @Override
    public Set<String> parameters() {
      return Set.of("prefix", "match", "all", "limit");
    }

    @Override
    public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
      int limit = limit(parameters);
      boolean all = parameters.word("all", List.of("true", "false"), "false").equals("true");
      if (parameters.has("match")) {
        return match(parameters, limit);
      }
      String prefix = parameters.one("prefix", "");
      Key of = prefix.isEmpty() ? null : Parameters.read(() -> Key.of(prefix));
      long sinceMs = all ? Long.MIN_VALUE : clock.wallMs() - live.toMillis();
      return page(() -> index.children(of, sinceMs, limit));
    }

    private Future<Answered> match(Parameters parameters, int limit) {
      if (parameters.has("prefix") || parameters.has("all")) {
        throw new HttpFault(400, "match stands alone: it finds all keys, whenever last seen");
      }
      KeyPattern pattern = Parameters.read(() -> KeyPattern.of(parameters.one("match", "")));
      return page(
          () -> {
            KeyMatches found = Parameters.read(() -> index.match(pattern, null, limit));
            return new KeyPage(found.keys(), found.matched() > limit);
          });
    }
  }

  private final class Search implements Endpoint {
    @Override
    public String path() {
      return "/api/search";
    }

    @Override
    public Set<String> parameters() {
      return Set.of("q", "limit");
    }

    @Override
    public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
      int limit = limit(parameters);
      String text = parameters.one("q", "");
      if (text.isEmpty() || text.length() > Key.MAX_BYTES) {
        throw new HttpFault(
            400, "q is the text to search for, 1 to " + Key.MAX_BYTES + " characters");
      }
      return page(() -> index.search(text, limit));
    }
  }
}
