package org.skymetrics.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.skymetrics.client.Sky;
import org.skymetrics.client.SkyBuilder;
import org.skymetrics.common.seal.Secrets;
import org.skymetrics.common.time.Period;

/** A server's client of its own ring. The server closes it, in good order, before it ends. */
final class HomeClient {
  private HomeClient() {}

  /** Settings of a client that begins at the server at this address. */
  static SkyBuilder of(
      InetSocketAddress server,
      @Nullable Supplier<Secrets> secrets,
      Period period,
      Duration closeIn) {
    InetAddress ip = server.getAddress();
    InetAddress reached = ip.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : ip;
    String host = reached.getHostAddress();
    SkyBuilder client =
        Sky.builder()
            .servers((host.contains(":") ? "[" + host + "]" : host) + ":" + server.getPort())
            .assumedPeriod(period)
            .closeTimeout(closeIn)
            .closeAtExit(false);
    return secrets == null ? client : client.secrets(secrets);
  }
}
