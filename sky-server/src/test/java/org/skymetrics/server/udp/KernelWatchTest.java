package org.skymetrics.server.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.udp.KernelSockets.SocketView;

class KernelWatchTest {
  private final Counters counters = new Counters();
  private final KernelWatch watch = new KernelWatch(1, new ReceiveBuffer(1000, 1000), counters);

  @Test
  void shouldCountWhatEachSocketDroppedSinceItWasLookedAt() {
    watch.look(List.of(new SocketView(7, 0, 3), new SocketView(8, 0, 0)));
    watch.look(List.of(new SocketView(7, 0, 3), new SocketView(8, 0, 5)));
    assertThat(watch.drops()).isEqualTo(8);
    // One was closed and another opened: what the first dropped stays counted.
    watch.look(List.of(new SocketView(8, 0, 6), new SocketView(9, 0, 1)));
    assertThat(watch.drops()).isEqualTo(10);
    assertThat(counters.get(ServerCounter.KERNEL_DROPS)).isEqualTo(10);
  }

  @Test
  void shouldSeeAQueueThatIsHalfFull() {
    watch.look(List.of(new SocketView(7, 999, 0), new SocketView(8, 0, 0)));
    assertThat(watch.hasBacklog()).isFalse();
    watch.look(List.of(new SocketView(7, 0, 0), new SocketView(8, 1000, 0)));
    assertThat(watch.hasBacklog()).isTrue();
    watch.look(List.of());
    assertThat(watch.hasBacklog()).isFalse();
  }

  @Test
  void shouldSayWhatHelpsABufferThatIsTooSmall() {
    assertThat(new ReceiveBuffer(1000, 1000).advice()).isNull();
    assertThat(new ReceiveBuffer(212_992, 4_194_304).advice())
        .isEqualTo(
            "the system gave a receive buffer of 212992 bytes, 4194304 were wanted: sysctl -w"
                + " net.core.rmem_max=4194304 raises the limit, from the next start on");
  }
}
