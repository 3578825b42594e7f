package org.skymetrics.server.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.wire.Ack;
import org.skymetrics.common.wire.Wire;
import org.skymetrics.server.lane.ReceiveWindow.Place;

class ReceiveWindowTest {
  /** The specification in docs/protocol.md, with a set of all that was received. */
  private static final class Reference {
    private final TreeSet<Long> received = new TreeSet<>();
    private long givenUpBelow = 1;

    Place place(long sequence, long lowestOpen) {
      if (sequence < givenUpBelow || received.contains(sequence)) {
        return Place.DUPLICATE;
      }
      return sequence >= Math.max(base(), lowestOpen) + Wire.WINDOW ? Place.BEYOND : Place.NEW;
    }

    void mark(long sequence, long lowestOpen) {
      received.add(sequence);
      givenUpBelow = Math.max(givenUpBelow, lowestOpen);
    }

    long base() {
      long base = givenUpBelow;
      while (received.contains(base)) {
        base++;
      }
      return base;
    }
  }

  @Property(tries = 500)
  void shouldAgreeWithASetOfAllThatWasReceived(
      @ForAll Random random, @ForAll @LongRange(min = 1, max = 1L << 40) long start) {
    ReceiveWindow window = new ReceiveWindow();
    Reference reference = new Reference();
    long top = start;
    for (int i = 0; i < 400; i++) {
      top += random.nextInt(random.nextInt(20) == 0 ? 300 : 3);
      long sequence = Math.max(1, top - random.nextInt(270));
      long lowestOpen = Math.max(1, sequence - random.nextInt(Wire.WINDOW));
      Place place = window.place(sequence, lowestOpen);
      assertThat(place).isEqualTo(reference.place(sequence, lowestOpen));
      if (place == Place.NEW && random.nextInt(10) > 0) {
        window.mark(sequence, lowestOpen);
        reference.mark(sequence, lowestOpen);
        assertThat(window.place(sequence, lowestOpen)).isEqualTo(Place.DUPLICATE);
      }
      assertThat(window.base()).isEqualTo(reference.base());
      assertBitmap(window, reference);
    }
  }

  private static void assertBitmap(ReceiveWindow window, Reference reference) {
    Ack ack = new Ack(0, false, 1, window.base(), 0, 0, 0, window.bitmap());
    for (int i = 0; i < Wire.WINDOW + 10; i++) {
      long sequence = window.base() + i;
      assertThat(ack.covers(sequence)).isEqualTo(reference.received.contains(sequence));
    }
    assertThat(BitSet.valueOf(window.bitmap()).get(0)).isFalse();
    assertThat(ack.toBytes().length).isBetween(46, 78);
  }

  @Test
  void shouldChangeNothingWhenOnlyAsked() {
    ReceiveWindow window = new ReceiveWindow();
    assertThat(window.place(200, 150)).isEqualTo(Place.NEW);
    assertThat(window.base()).isEqualTo(1);
    assertThat(window.bitmap()).isEmpty();
  }

  @Test
  void shouldStandTheGreatestSequences() {
    ReceiveWindow window = new ReceiveWindow();
    assertThat(window.place(Long.MAX_VALUE, Long.MAX_VALUE - 255)).isEqualTo(Place.NEW);
    window.mark(Long.MAX_VALUE, Long.MAX_VALUE - 255);
    assertThat(window.place(Long.MAX_VALUE, Long.MAX_VALUE - 255)).isEqualTo(Place.DUPLICATE);
    assertThat(window.place(1, 1)).isEqualTo(Place.DUPLICATE);
  }
}
