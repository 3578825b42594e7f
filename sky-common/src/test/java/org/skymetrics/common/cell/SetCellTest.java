package org.skymetrics.common.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.skymetrics.common.bytes.ByteReader;
import org.skymetrics.common.bytes.ByteWriter;

class SetCellTest {
  @Example
  void shouldBeExactUpToAHundredMembers() {
    SetCell cell = new SetCell();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < SetCell.MAX_EXACT; i++) {
        cell.add(SetCell.hash("user-" + i));
      }
    }
    assertThat(cell.isExact()).isTrue();
    assertThat(cell.estimate()).isEqualTo(100);
    cell.add(SetCell.hash("one more"));
    assertThat(cell.isExact()).isFalse();
    assertThat(cell.estimate()).isBetween(100L, 102L);
  }

  @Example
  void shouldHashAsTheSpecificationSays() {
    // printf %s member | sha256sum
    assertThat(SetCell.hash("member")).isEqualTo(0xe31ab643c44f7a0eL);
  }

  /** Members of random draws, in parts and orders of all kinds, around the switch of forms. */
  @Property(tries = 300)
  void shouldHaveTheSameBytesForTheSameMembersHoweverTheyCameTogether(
      @ForAll @IntRange(min = 1, max = 400) int members,
      @ForAll @IntRange(min = 1, max = 12) int parts,
      @ForAll Random random) {
    List<Long> hashes = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      hashes.add(random.nextInt(4) == 0 && i > 0 ? hashes.get(0) : random.nextLong());
    }
    SetCell whole = of(hashes);
    List<SetCell> cells = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      cells.add(new SetCell());
    }
    Collections.shuffle(hashes, random);
    for (long hash : hashes) {
      // A member may be in several parts.
      cells.get(random.nextInt(parts)).add(hash);
      cells.get(random.nextInt(parts)).add(hash);
    }
    while (cells.size() > 1) {
      Collections.shuffle(cells, random);
      SetCell taken = cells.remove(cells.size() - 1);
      cells.get(0).merge(random.nextBoolean() ? reread(taken) : taken);
    }
    cells.get(0).merge(cells.get(0).copy());
    assertThat(stored(cells.get(0))).isEqualTo(stored(whole));
    assertThat(whole.isExact()).isEqualTo(new HashSet<>(hashes).size() <= SetCell.MAX_EXACT);
  }

  @Property(tries = 40)
  void shouldSplitIntoPartsThatMergeToIt(
      @ForAll @IntRange(min = 1, max = 60_000) int members, @ForAll Random random) {
    SetCell whole = new SetCell();
    for (int i = 0; i < members; i++) {
      whole.add(random.nextLong());
    }
    List<SetCell> parts = new ArrayList<>(whole.split(250));
    Collections.shuffle(parts, random);
    SetCell merged = new SetCell();
    for (SetCell part : parts) {
      // Hashes are never parted.
      assertThat(stored(part).length)
          .isLessThanOrEqualTo(whole.isExact() ? 1 + 1 + 8 * SetCell.MAX_EXACT : 1 + 2 + 3 * 250);
      merged.merge(reread(part));
    }
    assertThat(stored(merged)).isEqualTo(stored(whole));
    assertThat(stored(whole).length).isLessThanOrEqualTo(1 + 3 + Registers.COUNT);
  }

  @Example
  void shouldBeWithinTwoPercentAtAMillionMembersAlsoAfterMerging() {
    List<Double> errors = new ArrayList<>();
    for (long seed = 1; seed <= 12; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<SetCell> parts = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        parts.add(new SetCell());
      }
      SetCell whole = new SetCell();
      for (int i = 0; i < 1_000_000; i++) {
        long hash = random.nextLong();
        whole.add(hash);
        parts.get(random.nextInt(100)).add(hash);
      }
      SetCell merged = new SetCell();
      parts.forEach(merged::merge);
      assertThat(stored(merged)).as("seed %d", seed).isEqualTo(stored(whole));
      double error = merged.estimate() / 1e6 - 1;
      assertThat(error).as("seed %d", seed).isCloseTo(0, within(0.02));
      errors.add(error);
    }
    // Without bias: the mean of twelve is within 3 of its own standard errors.
    double mean = errors.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    assertThat(mean).isCloseTo(0, within(3 * 0.0057 / Math.sqrt(12)));
  }

  @Property(tries = 200)
  void shouldEstimateAnyNumberWithinTwoPercent(
      @ForAll @IntRange(min = 0, max = 300_000) int members, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SetCell cell = new SetCell();
    for (int i = 0; i < members; i++) {
      cell.add(random.nextLong());
    }
    // Five standard errors, for there are many tries.
    assertThat((double) cell.estimate()).isCloseTo(members, within(members * 0.0285 + 0.5));
  }

  @Example
  void shouldEstimateMembersHashedAsTheyReallyAre() {
    SetCell cell = new SetCell();
    for (int i = 0; i < 200_000; i++) {
      cell.add(SetCell.hash("10.0." + (i >> 8) + "." + (i & 255)));
    }
    assertThat((double) cell.estimate()).isCloseTo(200_000, within(200_000 * 0.02));
  }

  @Property
  void shouldRefuseWhatIsNoSetWithoutThrowing(@ForAll byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    Cell cell = Cell.load(Kind.SET, in);
    if (cell != null) {
      assertThat(Cell.load(Kind.SET, new ByteReader(stored(cell)))).isNotNull();
    }
  }

  @Example
  void shouldRefuseFormsThatNoWriterWrites() {
    ByteWriter twice = new ByteWriter(32);
    twice.u8(0).varint(2).u64(5).u64(5);
    ByteWriter tooMany = new ByteWriter(2000);
    tooMany.u8(0).varint(101);
    for (int i = 0; i < 101; i++) {
      tooMany.u64(i);
    }
    ByteWriter noRegisters = new ByteWriter(8);
    noRegisters.u8(1).varint(0);
    ByteWriter noRank = new ByteWriter(8);
    noRank.u8(1).varint(1).varint(7 << 6);
    ByteWriter rankTooGreat = new ByteWriter(8);
    rankTooGreat.u8(1).varint(1).varint(7 << 6 | 51);
    ByteWriter pastTheEnd = new ByteWriter(8);
    pastTheEnd.u8(1).varint(2).varint(32_767L << 6 | 1).varint(1);
    ByteWriter otherForm = new ByteWriter(8);
    otherForm.u8(2).varint(0);
    for (ByteWriter bad :
        List.of(twice, tooMany, noRegisters, noRank, rankTooGreat, pastTheEnd, otherForm)) {
      assertThat(Cell.load(Kind.SET, new ByteReader(bad.toBytes()))).isNull();
    }
  }

  private static SetCell of(List<Long> hashes) {
    SetCell cell = new SetCell();
    Set<Long> distinct = new HashSet<>(hashes);
    distinct.forEach(cell::add);
    return cell;
  }

  private static SetCell reread(SetCell cell) {
    Cell read = Cell.load(Kind.SET, new ByteReader(stored(cell)));
    assertThat(read).isNotNull();
    return (SetCell) read;
  }

  private static byte[] stored(Cell cell) {
    ByteWriter out = new ByteWriter(64);
    cell.store(out);
    return out.toBytes();
  }
}
