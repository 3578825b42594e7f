package org.skymetrics.ui.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.skymetrics.common.cell.Buckets;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Moments;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.ui.query.Point;

/** The fields of a point, by kind: one list for JSON and CSV. */
final class PointFields {
  private PointFields() {}

  /** Takes a field. */
  interface Sink {
    void field(String name, double value) throws IOException;

    void field(String name, long value) throws IOException;
  }

  static void write(Point point, Sink sink) throws IOException {
    Cell cell = point.cell();
    if (cell instanceof CounterCell counter) {
      counter(counter, point, sink);
    } else if (cell instanceof GaugeCell gauge) {
      sink.field("value", gauge.last());
      spread(gauge.moments(), gauge.count(), sink);
      sink.field("count", gauge.count());
    } else if (cell instanceof HistogramCell histogram) {
      sink.field("count", histogram.count());
      spread(histogram.moments(), histogram.count(), sink);
      sink.field("p50", histogram.quantile(0.5));
      sink.field("p90", histogram.quantile(0.9));
      sink.field("p99", histogram.quantile(0.99));
    } else if (cell instanceof SetCell set) {
      sink.field("count", set.estimate());
      overPeriods(point, sink);
    }
  }

  private static void counter(CounterCell counter, Point point, Sink sink) throws IOException {
    if (counter.fraction() == 0) {
      sink.field("value", counter.sum());
    } else {
      sink.field("value", counter.value());
    }
    overPeriods(point, sink);
  }

  private static void overPeriods(Point point, Sink sink) throws IOException {
    if (point.swing().periods() == 0) {
      return;
    }
    Moments moments = point.swing().moments();
    sink.field("min", moments.min());
    sink.field("max", moments.max());
    sink.field("sumSquares", moments.sumOfSquares());
    sink.field("periods", point.swing().periods());
  }

  private static void spread(Moments moments, long count, Sink sink) throws IOException {
    sink.field("min", moments.min());
    sink.field("max", moments.max());
    sink.field("mean", moments.sum() / count);
    sink.field("sum", moments.sum());
    sink.field("sumSquares", moments.sumOfSquares());
  }

  /** The buckets of a histogram that are not empty: lower and upper bound, count. */
  static void writeBuckets(HistogramCell histogram, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("buckets");
    IOException[] failed = new IOException[1];
    histogram.forEachBucket(
        (index, count) -> {
          try {
            double lower = Math.min(Buckets.inner(index), Buckets.outer(index));
            double upper = Math.max(Buckets.inner(index), Buckets.outer(index));
            out.writeStartArray();
            Json.number(out, lower);
            Json.number(out, upper);
            out.writeNumber(count);
            out.writeEndArray();
          } catch (IOException e) {
            failed[0] = e;
          }
        });
    if (failed[0] != null) {
      throw failed[0];
    }
    out.writeEndArray();
  }
}
