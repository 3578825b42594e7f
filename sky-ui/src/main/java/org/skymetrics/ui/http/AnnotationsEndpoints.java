package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.skymetrics.common.time.Clock;
import org.skymetrics.store.annotation.Annotation;
import org.skymetrics.store.annotation.AnnotationId;
import org.skymetrics.store.annotation.Annotations;
import org.skymetrics.store.annotation.Annotations.Found;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.period.PeriodStore;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;
import org.skymetrics.ui.query.TimeText;

/** {@code /api/annotations}: what is marked on the charts' time line, read and written. */
final class AnnotationsEndpoints {
  private static final String ALL = "/api/annotations";
  private static final long MAX_DAYS = 1_100;

  private final PeriodStore periods;
  private final Annotations shelf;
  private final AnnotationEdits edits;
  private final Workers workers;
  private final Clock clock;
  private final Counters counters;

  AnnotationsEndpoints(
      PeriodStore periods, HistoryStore history, Workers workers, Clock clock, Counters counters) {
    this.periods = periods;
    this.shelf = new Annotations(history);
    this.edits = new AnnotationEdits(shelf);
    this.workers = workers;
    this.clock = clock;
    this.counters = counters;
  }

  List<Endpoint> all() {
    return List.of(new Listed(), new Single());
  }

  private final class Listed implements Endpoint {
    @Override
    public String path() {
      return ALL;
    }

    @Override
    public Set<String> parameters() {
      return Set.of("from", "to");
    }

    @Override
    public Set<HttpMethod> methods() {
      return Set.of(HttpMethod.GET, HttpMethod.POST);
    }

    @Override
    public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
      return request.method().equals(HttpMethod.POST) ? make(request) : read(parameters);
    }

    private Future<Answered> make(HttpServerRequest request) {
      return RequestBody.json(request)
          .compose(
              body -> {
                Annotation annotation = AnnotationJson.read(body, clock.wallMs());
                return workers.run(() -> made(edits.make(annotation)));
              });
    }

    private Answered made(AnnotationEdits.Made made) {
      if (made.isNew()) {
        counters.count(UiCounter.ANNOTATIONS_WRITTEN);
      }
      Annotation annotation = made.annotation();
      return answered(made.isNew() ? 201 : 200, annotation)
          .with("Location", ALL + "/" + annotation.id());
    }

    private Future<Answered> read(Parameters parameters) {
      long nowMs = clock.wallMs();
      long fromMs =
          Parameters.read(() -> TimeText.instantMs("from", parameters.one("from", "-1h"), nowMs));
      long toMs =
          Parameters.read(() -> TimeText.instantMs("to", parameters.one("to", "now"), nowMs));
      if (fromMs > toMs || (toMs - fromMs) / AnnotationId.DAY_MS >= MAX_DAYS) {
        throw new HttpFault(
            400, "from is not after to, and at most " + MAX_DAYS + " days before it");
      }
      return workers.run(
          () -> {
            // In the order in which they move, so that none is missed on its way; to is included
            // for what was made this very moment.
            List<Annotation> waiting = periods.annotations();
            Found found = shelf.read(fromMs, toMs + 1, waiting);
            if (!found.damaged().isEmpty()) {
              counters.count(UiCounter.PARTIAL_ANSWERS);
            }
            return Answered.json(Json.bytes(out -> write(out, found, nowMs)))
                .with("Cache-Control", "no-store");
          });
    }

    private void write(JsonGenerator out, Found found, long nowMs) throws IOException {
      out.writeStartObject();
      out.writeNumberField("now", nowMs / 1000);
      SeriesJson.writePartial(out, found.damaged());
      out.writeArrayFieldStart("annotations");
      for (Annotation annotation : found.annotations()) {
        AnnotationJson.write(out, annotation);
      }
      out.writeEndArray();
      out.writeEndObject();
    }
  }

  private final class Single implements Endpoint {
    @Override
    public String path() {
      return ALL + "/:id";
    }

    @Override
    public Set<String> parameters() {
      return Set.of();
    }

    @Override
    public Set<HttpMethod> methods() {
      return Set.of(HttpMethod.GET, HttpMethod.PUT, HttpMethod.DELETE);
    }

    @Override
    public Future<Answered> answer(Parameters parameters, HttpServerRequest request) {
      AnnotationId id = id(request.path());
      String ifMatch = request.getHeader(HttpHeaders.IF_MATCH);
      if (request.method().equals(HttpMethod.PUT)) {
        return edit(id, ifMatch, request);
      }
      if (request.method().equals(HttpMethod.DELETE)) {
        return workers.run(() -> changed(edits.delete(id, ifMatch)));
      }
      return workers.run(() -> answered(200, edits.find(id)));
    }

    private AnnotationId id(String path) {
      String text = path.substring(path.lastIndexOf('/') + 1);
      AnnotationId id = AnnotationId.parse(text);
      if (id == null) {
        throw new HttpFault(404, "there is no annotation " + TimeText.shown(text));
      }
      return id;
    }

    private Future<Answered> edit(
        AnnotationId id, @Nullable String ifMatch, HttpServerRequest request) {
      return RequestBody.json(request)
          .compose(
              body -> {
                if (!body.has("time")) {
                  throw new HttpFault(400, "an edit gives the whole annotation, its time too");
                }
                Annotation content = AnnotationJson.read(body, clock.wallMs());
                return workers.run(() -> changed(edits.edit(id, content, ifMatch)));
              });
    }

    private Answered changed(Annotation annotation) {
      counters.count(UiCounter.ANNOTATIONS_WRITTEN);
      return answered(200, annotation);
    }
  }

  private static Answered answered(int status, Annotation annotation) {
    return Answered.of(
            status, Answered.JSON, Json.bytes(out -> AnnotationJson.write(out, annotation)))
        .with("ETag", AnnotationEdits.tag(annotation))
        .with("Cache-Control", "no-store");
  }
}
