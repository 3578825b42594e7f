package org.skymetrics.common.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.key.Key;

class RingTest {
  private static final long SEED = 20261122;

  @Test
  void shouldSpreadKeysEvenlyOverRandomNames() {
    Random random = new Random(SEED);
    double sumOfBusiest = 0;
    double worst = 0;
    for (int set = 0; set < 200; set++) {
      Ring ring = Ring.of(randomMembers(10, random));
      int[] owned = new int[10];
      int keys = 20_000;
      for (int i = 0; i < keys; i++) {
        owned[ring.ownerIndex(random.nextLong())]++;
      }
      double busiest = IntStream.of(owned).max().orElseThrow() / (keys / 10.0);
      sumOfBusiest += busiest;
      worst = Math.max(worst, busiest);
    }
    assertThat(sumOfBusiest / 200).as("seed %d", SEED).isLessThanOrEqualTo(1.12);
    assertThat(worst).as("seed %d", SEED).isLessThanOrEqualTo(1.3);
  }

  @Test
  void shouldMoveOnlyTheNewMembersShare() {
    Random random = new Random(SEED);
    for (int set = 0; set < 50; set++) {
      List<Member> members = randomMembers(11, random);
      Ring before = Ring.of(members.subList(0, 10));
      Ring after = Ring.of(members);
      int moved = 0;
      int keys = 20_000;
      for (int i = 0; i < keys; i++) {
        long hash = random.nextLong();
        Member old = before.owner(hash);
        Member now = after.owner(hash);
        if (!Objects.equals(old, now)) {
          moved++;
          assertThat(now).as("seed %d", SEED).isEqualTo(members.get(10));
        }
      }
      assertThat(moved / (double) keys).as("seed %d", SEED).isLessThanOrEqualTo(1 / 11.0 + 0.03);
    }
  }

  @Property(tries = 50)
  void shouldNotDependOnTheOrderOfMembers(
      @ForAll @IntRange(min = 1, max = 8) int n, @ForAll Random random) {
    List<Member> members = randomMembers(n, random);
    Ring ring = Ring.of(members);
    Collections.shuffle(members, random);
    Ring shuffled = Ring.of(members);
    assertThat(shuffled).isEqualTo(ring);
    assertThat(shuffled.version()).isEqualTo(ring.version());
    for (int i = 0; i < 100; i++) {
      long hash = random.nextLong();
      assertThat(shuffled.owner(hash)).isEqualTo(ring.owner(hash));
    }
  }

  @Test
  void shouldGiveAKeyAtAPointToThatPointsMember() {
    Ring ring = Ring.of(List.of(new Member("a", "h", 1, 0), new Member("b", "h", 2, 0)));
    long point = Key.of("b#17").ringHash();
    assertThat(ring.owner(point)).isEqualTo(new Member("b", "h", 2, 0));
  }

  @Test
  void shouldPassOnAMissingMembersKeysAsARingWithoutItWould() {
    Random random = new Random(SEED);
    List<Member> members = randomMembers(6, random);
    Ring ring = Ring.of(members);
    for (int out = 0; out < 6; out++) {
      int missing = out;
      List<Member> others = new ArrayList<>(ring.members());
      Member gone = others.remove(out);
      Ring without = Ring.of(others);
      for (int i = 0; i < 2_000; i++) {
        long hash = random.nextLong();
        Member next = ring.members().get(ring.ownerIndex(hash, m -> m != missing));
        assertThat(next).as("seed %d", SEED).isEqualTo(without.owner(hash)).isNotEqualTo(gone);
        assertThat(ring.ownerIndex(hash, m -> true)).isEqualTo(ring.ownerIndex(hash));
      }
    }
    assertThat(ring.ownerIndex(1, m -> false)).isEqualTo(-1);
    assertThat(Ring.empty().ownerIndex(1, m -> true)).isEqualTo(-1);
  }

  @Test
  void shouldTellTheShareOfEachMember() {
    Random random = new Random(SEED);
    Ring ring = Ring.of(randomMembers(5, random));
    double[] shares = ring.shares();
    int[] owned = new int[5];
    int keys = 100_000;
    for (int i = 0; i < keys; i++) {
      owned[ring.ownerIndex(random.nextLong())]++;
    }
    for (int m = 0; m < 5; m++) {
      assertThat(shares[m]).as("seed %d", SEED).isCloseTo(owned[m] / (double) keys, within(0.01));
    }
    assertThat(DoubleStream.of(shares).sum()).isCloseTo(1, within(1e-9));
    assertThat(Ring.of(randomMembers(1, random)).shares())
        .containsExactly(new double[] {1}, within(1e-9));
    assertThat(Ring.empty().shares()).isEmpty();
  }

  @Test
  void shouldHaveNoOwnerWhenEmptyAndRefuseTwoOfOneName() {
    assertThat(Ring.empty().owner(1)).isNull();
    assertThatThrownBy(
            () -> Ring.of(List.of(new Member("a", "h", 1, 0), new Member("a", "g", 2, 0))))
        .hasMessage("two ring members are named a");
  }

  @Test
  void shouldReadMembers() {
    assertThat(Member.parse("h:8125")).isEqualTo(new Member("h:8125", "h", 8125, 8126));
    assertThat(Member.parse("h:8125/9000")).isEqualTo(new Member("h:8125", "h", 8125, 9000));
    assertThat(Member.parse("[::1]:8125").host()).isEqualTo("::1");
    for (String bad : List.of("h", ":1", "h:x", "h:1/", "::1:5", "h:99999", "")) {
      assertThatThrownBy(() -> Member.parse(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static List<Member> randomMembers(int n, Random random) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      members.add(new Member(Long.toHexString(random.nextLong()), "host" + i, 8125, 8126));
    }
    return members;
  }
}
