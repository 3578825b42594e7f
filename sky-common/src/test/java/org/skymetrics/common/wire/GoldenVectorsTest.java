package org.skymetrics.common.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.common.key.Key;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.ring.Ring;

/**
 * The packets of docs/protocol-vectors.txt, byte for byte: what any other implementation would
 * check itself against.
 */
class GoldenVectorsTest {
  private static final long SESSION = 0x0102030405060708L;
  private static final byte[] COOKIE = HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");

  @Test
  void shouldWriteAndReadTheVectorsOfTheSpecification() throws IOException {
    Map<String, byte[]> vectors = vectors();
    Map<String, byte[]> ours = ours();
    assertThat(vectors.keySet()).isEqualTo(ours.keySet());
    ours.forEach(
        (name, bytes) ->
            assertThat(HexFormat.of().formatHex(bytes))
                .as(name)
                .isEqualTo(HexFormat.of().formatHex(vectors.get(name))));
    vectors.forEach(
        (name, bytes) -> assertThat(Packet.fault(bytes, 0, bytes.length)).as(name).isNull());
  }

  private static Map<String, byte[]> ours() {
    Ring ring =
        Ring.of(
            List.of(new Member("a", "10.0.0.1", 8125, 8126), new Member("b", "sky-b", 9125, 0)));
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("hello", new Hello(SESSION, 0x1112131415161718L).toBytes());
    all.put("cookie", new Cookie(SESSION, 0x1112131415161718L, COOKIE).toBytes());
    all.put("open", new Open(SESSION, COOKIE, 0x2122232425262728L, 0).toBytes());
    all.put(
        "opened",
        new Opened(
                SESSION,
                0x2122232425262728L,
                0x3132333435363738L,
                1_700_000_000_000L,
                60_000,
                ring.version(),
                256,
                Opened.Verdict.GOES_ON)
            .toBytes());
    all.put("data", data());
    all.put("data_sets", dataOfSets());
    all.put(
        "ack",
        new Ack(
                SESSION,
                true,
                0x3132333435363738L,
                5,
                1_700_000_000_000L,
                ring.version(),
                1,
                new byte[] {0b0110})
            .toBytes());
    all.put("ring_request", new RingRequest(SESSION, COOKIE, 0).toBytes());
    all.put("ring", RingPart.partsOf(ring, SESSION).get(0).toBytes());
    return all;
  }

  private static byte[] data() {
    DataWriter writer = new DataWriter();
    writer.addCounter(Key.of("http_status|200"), 9126);
    writer.addCounter(Key.of("http_status|404"), -1);
    CounterCell fractional = new CounterCell();
    fractional.add(2.5);
    writer.add(Key.of("http_status|500"), fractional);
    GaugeCell one = new GaugeCell();
    one.set(21.5, -250);
    writer.add(Key.of("temp"), one);
    one.set(22.5, 250);
    writer.add(Key.of("temp|in"), one);
    HistogramCell histogram = new HistogramCell();
    for (double v : new double[] {0, 1, 1, 100, -2.5}) {
      histogram.record(v);
    }
    writer.add(Key.of("time"), histogram);
    byte[] packet = writer.take();
    if (packet == null) {
      throw new AssertionError("six records make a packet");
    }
    DataWriter.number(packet, SESSION, 0x3132333435363738L, 3);
    DataWriter.stamp(packet, 5, 2, -12_345);
    return packet;
  }

  private static byte[] dataOfSets() {
    DataWriter writer = new DataWriter();
    SetCell few = new SetCell();
    for (String member : List.of("alice", "bob", "carol", "bob")) {
      few.add(SetCell.hash(member));
    }
    writer.add(Key.of("u"), few);
    SetCell many = new SetCell();
    for (int i = 0; i < 150; i++) {
      many.add(SetCell.hash("user " + i));
    }
    writer.add(Key.of("u|all"), many);
    GaugeCell change = new GaugeCell();
    change.change(3, 250);
    writer.add(Key.of("v"), change);
    byte[] packet = writer.take();
    if (packet == null) {
      throw new AssertionError("three records make a packet");
    }
    DataWriter.number(packet, SESSION, 0x3132333435363738L, 4);
    DataWriter.stamp(packet, 6, 3, 250);
    return packet;
  }

  private static Map<String, byte[]> vectors() throws IOException {
    Map<String, byte[]> vectors = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of("../docs/protocol-vectors.txt"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.trim().split("\\s+");
        String hex = words[1].replaceFirst("\\(00\\*(\\d+)\\)", "");
        byte[] bytes = HexFormat.of().parseHex(hex);
        int zeros =
            words[1].contains("(")
                ? Integer.parseInt(words[1].replaceAll(".*\\*(\\d+)\\)", "$1"))
                : 0;
        vectors.put(words[0], Arrays.copyOf(bytes, bytes.length + zeros));
      }
    }
    return vectors;
  }
}
