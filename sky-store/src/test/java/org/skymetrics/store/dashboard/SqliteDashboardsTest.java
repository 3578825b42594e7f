package org.skymetrics.store.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.store.CorruptException;
import org.skymetrics.store.Envelope;
import org.skymetrics.store.history.HistoryStore;
import org.skymetrics.store.sqlite.SqliteHistoryStore;

final class SqliteDashboardsTest extends DashboardsContract {
  @TempDir Path dir;

  @Override
  HistoryStore open() {
    return SqliteHistoryStore.open(dir);
  }

  @Test
  void shouldRefuseWhatMakesNoSense() {
    assertThatThrownBy(() -> Dashboard.of(1, " ", "{}")).hasMessage("the name is not empty");
    assertThatThrownBy(() -> Dashboard.of(1, "\u00e9".repeat(101), "{}"))
        .hasMessage("the name has at most 200 bytes");
    assertThatThrownBy(() -> Dashboard.of(1, "a", "x".repeat(Dashboard.MAX_CONTENT_BYTES + 1)))
        .hasMessageStartingWith("the content has at most ");
  }

  @Test
  void shouldReadTheStoredFormOfTheSpecificationAndNothingElse() throws Exception {
    // Made from docs/storage.md by hand: version 2, edited at 2023-11-14 12:00 UTC.
    String one = "0102030405060708" + "02" + "00" + "0000018bcdb3e200" + "03776562" + "027b7d";
    ByteReader in = new ByteReader(HexFormat.of().parseHex(one));
    Dashboard read = Dashboard.read(in);
    assertThat(in.remaining()).isZero();
    assertThat(read)
        .isEqualTo(new Dashboard("0102030405060708", 2, 0x18bcdb3e200L, "web", "{}", false));
    ByteWriter out = new ByteWriter(64);
    read.write(out);
    assertThat(HexFormat.of().formatHex(out.toBytes())).isEqualTo(one);

    TreeMap<String, Dashboard> two = new TreeMap<>();
    two.put(read.id(), read);
    Dashboard other = Dashboard.of(1, "x", "{\"a\":1}");
    two.put(other.id(), other);
    byte[] shelf = Dashboards.FORM.toBytes(two);
    assertThat(Dashboards.FORM.parse(shelf)).isEqualTo(two);
    Random random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      ByteReader good = Envelope.inflate(shelf, "SkyV", 1, "shelf");
      byte[] bytes = good.raw(good.remaining());
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      ByteWriter content = new ByteWriter(256);
      content.raw(bytes, 0, random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length);
      try {
        Dashboards.FORM.parse(Envelope.deflate(content, "SkyV", 1));
      } catch (CorruptException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }
}
