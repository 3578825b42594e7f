package org.skymetrics.common.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.cell.Cell;
import org.skymetrics.common.cell.CounterCell;
import org.skymetrics.common.cell.GaugeCell;
import org.skymetrics.common.cell.HistogramCell;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.common.cell.SetCell;
import org.skymetrics.common.key.Key;

class DataPacketTest {
  @Property(tries = 200)
  void shouldCarryCellsToTheOtherSide(@ForAll Random random) {
    TreeMap<Key, Cell> cells = new TreeMap<>();
    for (int i = random.nextInt(200); i >= 0; i--) {
      cells.put(randomKey(random), randomCell(random));
    }
    List<byte[]> packets = pack(cells);

    Map<String, Cell> arrived = new HashMap<>();
    DataReader reader = new DataReader();
    long sequence = 1;
    for (byte[] packet : packets) {
      DataWriter.number(packet, 7, 8, sequence);
      DataWriter.stamp(packet, sequence + 9, 0, -5);
      assertThat(packet.length).isLessThanOrEqualTo(Wire.MAX_DATA_BYTES);
      assertThat(Packet.fault(packet, 0, packet.length)).isNull();
      assertThat(reader.wrap(packet, 0, packet.length)).isNull();
      assertThat(reader.transmission()).isEqualTo(sequence + 9);
      assertThat(reader.sequence()).isEqualTo(sequence++);
      assertThat(reader.ageMs()).isEqualTo(-5);
      assertThat(reader.validate()).isTrue();
      while (reader.next()) {
        String key = new String(reader.keyBytes(), 0, reader.keyLength(), UTF_8);
        Cell cell = reader.readCell();
        Cell present = arrived.putIfAbsent(key, cell);
        if (present != null) {
          present.merge(cell);
        }
      }
    }
    assertThat(arrived).hasSize(cells.size());
    cells.forEach(
        (key, cell) -> assertThat(wire(arrived.get(key.toString()))).isEqualTo(wire(cell)));
  }

  @Property(tries = 2_000)
  void shouldNotThrowOnMutatedPackets(@ForAll Random random) {
    TreeMap<Key, Cell> cells = new TreeMap<>();
    for (int i = random.nextInt(10); i >= 0; i--) {
      cells.put(randomKey(random), randomCell(random));
    }
    byte[] packet = pack(cells).get(0);
    for (int i = random.nextInt(8); i >= 0; i--) {
      packet[
              DataReader.RECORDS_OFFSET
                  + random.nextInt(packet.length - DataReader.RECORDS_OFFSET)] =
          (byte) random.nextInt(256);
    }
    DataWriter.number(packet, 1, 2, 3);
    DataWriter.stamp(packet, 1, 0, 0);
    DataReader reader = new DataReader();
    assertThat(reader.wrap(packet, 0, packet.length)).isNull();
    if (reader.validate()) {
      while (reader.next()) {
        if (reader.kind() != null && Key.fault(reader.keyBytes(), 0, reader.keyLength()) == null) {
          assertThat(reader.readCell()).isNotNull();
        }
      }
    }
  }

  @Test
  void shouldRefuseARecordThatIsOneByteLongerThanItsPacket() {
    DataWriter writer = new DataWriter();
    writer.addCounter(Key.of("a"), 1);
    byte[] packet = writer.take();
    packet[DataReader.RECORDS_OFFSET + 1]++;
    DataWriter.number(packet, 1, 2, 3);
    DataWriter.stamp(packet, 1, 0, 0);
    DataReader reader = new DataReader();
    assertThat(reader.wrap(packet, 0, packet.length)).isNull();
    assertThat(reader.validate()).isFalse();
  }

  @Test
  void shouldNoticeDamageToWhatNeverChanges() {
    DataWriter writer = new DataWriter();
    writer.addCounter(Key.of("a"), 1);
    byte[] packet = writer.take();
    DataWriter.number(packet, 1, 2, 3);
    DataWriter.stamp(packet, 1L << 40, 2, 100);
    DataReader reader = new DataReader();
    for (int i = 12; i < packet.length; i++) {
      byte[] damaged = packet.clone();
      damaged[i] ^= 1;
      boolean mayChange = i < 20 || (i >= 36 && i < 44);
      PacketFault fault = reader.wrap(damaged, 0, damaged.length);
      if (!mayChange) {
        assertThat(fault).as("byte %d", i).isEqualTo(PacketFault.BAD_CHECKSUM);
      }
    }
    DataWriter.stamp(packet, 1, 1, Long.MAX_VALUE);
    assertThat(reader.wrap(packet, 0, packet.length)).isNull();
    assertThat(reader.lowestOpen()).isEqualTo(2);
    assertThat(reader.ageMs()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void shouldSkipAKindOfTomorrowAndReadOn() {
    ByteWriter out = new ByteWriter(64);
    out.zeros(DataReader.RECORDS_OFFSET);
    out.u8(1).varint(5).varint(0).varint(2).ascii("ab").zigzag(5);
    out.u8(200).varint(6).varint(1).varint(1).ascii("c").ascii("???");
    out.u8(1).varint(4).varint(2).varint(1).ascii("d").zigzag(6);
    byte[] packet = out.toBytes();
    DataWriter.number(packet, 1, 2, 3);
    DataWriter.stamp(packet, 1, 0, 0);
    DataReader reader = new DataReader();
    assertThat(reader.wrap(packet, 0, packet.length)).isNull();
    assertThat(reader.validate()).isTrue();
    assertThat(reader.next()).isTrue();
    assertThat(reader.readCounterSum()).isEqualTo(5);
    assertThat(reader.next()).isTrue();
    assertThat(reader.kind()).isNull();
    assertThat(reader.kindId()).isEqualTo(200);
    assertThat(reader.next()).isTrue();
    assertThat(new String(reader.keyBytes(), 0, reader.keyLength(), UTF_8)).isEqualTo("acd");
    assertThat(reader.readCounterSum()).isEqualTo(6);
    assertThat(reader.next()).isFalse();
  }

  @Example
  void shouldHaveRoomForTheLargestSetRecordsOfTheLongestKey() {
    Key key = Key.of("k".repeat(Key.MAX_BYTES));
    SetCell exact = new SetCell();
    SetCell sparse = new SetCell();
    for (long i = 0; i < DataWriter.MAX_REGISTERS_PER_RECORD; i++) {
      if (i < SetCell.MAX_EXACT) {
        exact.add(i);
      }
      // As far apart as so many can be.
      sparse.add((i * 131) << 49);
    }
    assertThat(new DataWriter().add(key, exact)).isTrue();
    assertThat(sparse.split(DataWriter.MAX_REGISTERS_PER_RECORD)).hasSize(1);
    assertThat(new DataWriter().add(key, sparse)).isTrue();
  }

  private static List<byte[]> pack(TreeMap<Key, Cell> cells) {
    DataWriter writer = new DataWriter();
    List<byte[]> packets = new ArrayList<>();
    cells.forEach(
        (key, cell) -> {
          List<? extends Cell> parts =
              cell instanceof HistogramCell h
                  ? h.split(DataWriter.MAX_BUCKETS_PER_RECORD)
                  : cell instanceof SetCell s
                      ? s.split(DataWriter.MAX_REGISTERS_PER_RECORD)
                      : List.of(cell);
          for (Cell part : parts) {
            if (!writer.add(key, part)) {
              packets.add(writer.take());
              assertThat(writer.add(key, part)).isTrue();
            }
          }
        });
    packets.add(writer.take());
    return packets;
  }

  private static Key randomKey(Random random) {
    String head = random.nextInt(5) == 0 ? "k".repeat(random.nextInt(470) + 1) : "http";
    return Key.of(head + "|" + Integer.toString(random.nextInt(1_000_000), 36));
  }

  private static Cell randomCell(Random random) {
    Cell cell = Kind.values()[random.nextInt(4)].newCell();
    int n = random.nextInt(300) + 1;
    for (int i = 0; i < n; i++) {
      double v = Math.exp(random.nextGaussian() * 5) * (random.nextInt(10) == 0 ? -1 : 1);
      if (cell instanceof CounterCell c) {
        c.add(random.nextLong());
      } else if (cell instanceof GaugeCell g) {
        g.set(v, i);
      } else if (cell instanceof HistogramCell h) {
        h.record(v);
      } else if (cell instanceof SetCell s) {
        s.add(random.nextLong());
      }
    }
    return cell;
  }

  private static byte[] wire(Cell cell) {
    ByteWriter out = new ByteWriter(64);
    cell.store(out);
    return out.toBytes();
  }
}
