package org.skymetrics.server.udp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.skymetrics.server.udp.KernelSockets.SocketView;

class KernelSocketsTest {
  /** Lines as Linux 6.1 writes them. */
  private static final List<String> TABLE =
      List.of(
          "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid "
              + " timeout inode ref pointer drops            ",
          " 2387: 0100007F:1FBD 00000000:0000 07 00000000:00000300 00:00000000 00000000  1000     "
              + "   0 111 2 0000000000000000 42        ",
          " 2387: 0100007F:1FBD 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000     "
              + "   0 222 2 0000000000000000 7         ",
          " 2400: 0100007F:1FBE 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000     "
              + "   0 333 2 0000000000000000 9         ",
          "garbage");

  @Test
  void shouldReadQueueAndDropsOfItsOwnSocketsOnly() {
    assertThat(KernelSockets.parse(TABLE, 8125, Set.of("111", "333")))
        .containsExactly(new SocketView(111, 0x300, 42));
  }
}
