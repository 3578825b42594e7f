package org.skymetrics.store.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.Envelope;

/** The catalogue of a shard and the spans that it is about. */
class CatalogTest {
  private static final long TIME_MS = 1_700_000_123_000L;

  private static Catalog random(Random random) {
    Catalog catalog = Catalog.empty();
    for (int i = random.nextInt(30); i > 0; i--) {
      long at = TIME_MS + random.nextInt(100_000) * 60_000L;
      Span span = Span.values()[random.nextInt(3)];
      catalog =
          switch (random.nextInt(5)) {
            case 0, 1 -> catalog.withBatches(Span.HOUR.startOf(at) + 120_000);
            case 2 -> catalog.claimed(span, span.startOf(at), random.nextLong() | 1, 5);
            case 3 -> catalog.keeping(Span.DAY, Span.DAY.startOf(at), 1);
            default -> catalog.withoutBlocks(Span.HOUR.startOf(at));
          };
    }
    return catalog;
  }

  @Property(tries = 200)
  void shouldReadBackAndUnite(@ForAll Random random) throws CorruptException {
    Catalog one = random(random);
    Catalog two = random(random);
    assertThat(Catalog.parse(one.toBytes()).toBytes()).isEqualTo(one.toBytes());
    assertThat(one.unite(two).toBytes()).isEqualTo(two.unite(one).toBytes());
    assertThat(one.unite(two).unite(one).toBytes()).isEqualTo(one.unite(two).toBytes());
    assertThat(one.unite(Catalog.empty()).toBytes()).isEqualTo(one.toBytes());
    assertThat(one.unite(two).marks()).containsAll(one.marks()).containsAll(two.marks());
  }

  @Property(tries = 300)
  void shouldReadOrRefuseAnyContent(@ForAll byte[] bytes) {
    ByteWriter content = new ByteWriter(64);
    content.raw(bytes);
    try {
      Catalog.parse(Envelope.deflate(content, "SkyT", 1)).toBytes();
    } catch (CorruptException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  @Test
  void shouldLeaveAMarkThatCameAfterItWasTaken() {
    long hour = Span.HOUR.startOf(TIME_MS);
    Catalog taken = Catalog.empty().withBatches(TIME_MS).claimed(Span.HOUR, hour, 77, 2);
    assertThat(taken.marks(Span.HOUR, hour)).extracting(Mark::token).containsExactly(77L);
    assertThat(taken.files(Span.HOUR).get(hour).log2Parts()).isEqualTo(2);

    Catalog more = taken.withBatches(TIME_MS);
    assertThat(more.without(Span.HOUR, hour, 77).marks(Span.HOUR, hour))
        .containsExactly(Mark.open(Span.HOUR, TIME_MS));
    assertThat(taken.without(Span.HOUR, hour, 77).marks(Span.HOUR, hour)).isEmpty();
    assertThat(taken.without(Span.HOUR, hour, 78).marks(Span.HOUR, hour)).hasSize(1);
    // Days and months are marked as well, each for itself.
    assertThat(taken.marks(Span.DAY, Span.DAY.startOf(TIME_MS))).hasSize(1);
    assertThat(taken.marks(Span.MONTH, Span.MONTH.startOf(TIME_MS))).hasSize(1);
  }

  @Test
  void shouldCutTimeAtHoursDaysAndMonthsOfUtc() {
    // 2024-02-29 23:59:59.999 UTC
    long leapDay = 1_709_251_199_999L;
    assertThat(Span.MONTH.startOf(leapDay)).isEqualTo(1_706_745_600_000L);
    assertThat(Span.MONTH.endOf(Span.MONTH.startOf(leapDay))).isEqualTo(leapDay + 1);
    assertThat(Span.DAY.endOf(Span.DAY.startOf(leapDay))).isEqualTo(leapDay + 1);
    assertThat(Span.HOUR.startOf(leapDay)).isEqualTo(leapDay + 1 - Span.HOUR_MS);
    assertThat(Span.MONTH.startOf(-1)).isEqualTo(-31 * Span.DAY_MS);
    for (Span span : Span.values()) {
      long start = span.startOf(leapDay);
      assertThat(span.startOf(start)).isEqualTo(start);
      assertThat(span.startOf(start - 1)).isLessThan(start);
    }
  }
}
