package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Swing;
import org.skymetrics.store.batch.Series;
import org.skymetrics.store.live.Follower.Item;
import org.skymetrics.store.live.Follower.Second;
import org.skymetrics.store.live.Follower.Told;
import org.skymetrics.store.live.WatchRequest;
import org.skymetrics.ui.query.Point;

/** The messages of {@code /api/live}. */
final class LiveJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Set<String> FIELDS = Set.of("watch", "unwatch", "since");

  private LiveJson() {}

  /**
   * What a page asks.
   *
   * @throws HttpFault where it is not as it should be
   */
  static WatchRequest parse(String text) {
    JsonNode root;
    try {
      root = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw wrong();
    }
    if (root == null || !root.isObject()) {
      throw wrong();
    }
    for (Iterator<String> names = root.fieldNames(); names.hasNext(); ) {
      if (!FIELDS.contains(names.next())) {
        throw wrong();
      }
    }
    JsonNode since = root.path("since");
    if (!since.isMissingNode() && !isTime(since)) {
      throw new HttpFault(400, "since is a time in epoch seconds");
    }
    return new WatchRequest(
        series(root.path("watch")), series(root.path("unwatch")), since.asLong());
  }

  private static boolean isTime(JsonNode since) {
    return since.isIntegralNumber() && since.canConvertToLong() && since.asLong() >= 0;
  }

  private static HttpFault wrong() {
    return new HttpFault(
        400, "a message is {\"watch\":[series],\"unwatch\":[series],\"since\":time}");
  }

  private static List<Series> series(JsonNode array) {
    if (array.isMissingNode()) {
      return List.of();
    }
    if (!array.isArray() || array.size() > WatchRequest.MAX_SERIES) {
      throw new HttpFault(400, "watch and unwatch are lists of at most 500 series");
    }
    List<Series> all = new ArrayList<>();
    for (JsonNode one : array) {
      all.add(SeriesText.parse("a series", one.asText()));
    }
    return all;
  }

  /** What a series has in a second: a JSON object. */
  static byte[] point(Series series, Cell cell) {
    return Json.bytes(
        out -> {
          out.writeStartObject();
          out.writeStringField("series", SeriesText.of(series));
          PointFields.write(
              new Point(0, new Swing(), cell, false),
              new PointFields.Sink() {
                @Override
                public void field(String name, double value) throws IOException {
                  Json.field(out, name, value);
                }

                @Override
                public void field(String name, long value) throws IOException {
                  out.writeNumberField(name, value);
                }
              });
          if (cell instanceof HistogramCell histogram) {
            PointFields.writeBuckets(histogram, out);
          }
          out.writeEndObject();
        });
  }

  /** What a page is told. */
  static String message(Told told, List<String> partial) {
    return new String(
        Json.bytes(
            out -> {
              out.writeStartObject();
              out.writeNumberField("from", told.from());
              out.writeNumberField("to", told.to());
              SeriesJson.writePartial(out, partial);
              if (!told.kept().isEmpty()) {
                out.writeObjectFieldStart("kept");
                for (Map.Entry<Series, Long> kept : told.kept().entrySet()) {
                  out.writeNumberField(SeriesText.of(kept.getKey()), kept.getValue());
                }
                out.writeEndObject();
              }
              out.writeArrayFieldStart("seconds");
              for (Second second : told.seconds()) {
                out.writeStartObject();
                out.writeNumberField("time", second.time());
                out.writeArrayFieldStart("series");
                for (Item item : second.items()) {
                  out.writeRawValue(new String(item.bytes(), StandardCharsets.UTF_8));
                }
                out.writeEndArray();
                out.writeEndObject();
              }
              out.writeEndArray();
              out.writeEndObject();
            }),
        StandardCharsets.UTF_8);
  }
}
