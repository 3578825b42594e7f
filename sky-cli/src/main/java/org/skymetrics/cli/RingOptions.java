package org.skymetrics.cli;

import java.time.Duration;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.cli.settings.Converters.Members;
import org.skymetrics.client.Sky;
import org.skymetrics.client.SkyBuilder;
import org.skymetrics.common.ring.Member;
import org.skymetrics.common.seal.SecretFile;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a command that counts reaches the ring. */
final class RingOptions {
  private static final int DEFAULT_KEY_LIMIT = 50_000;

  /** Short: a command waits for acknowledgements before it closes its client. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

  @Option(
      names = "--ring",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8125",
      description =
          "The UDP address of a server, or of several, parted by commas; any of them tells all"
              + " others. Default: ${DEFAULT-VALUE}")
  private Members ring = Members.NONE;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "30s",
      description =
          "How long to wait at the end until all is acknowledged: 500ms, 10s, 5m. Default:"
              + " ${DEFAULT-VALUE}")
  private Duration wait = Duration.ofSeconds(30);

  @Mixin private SecretOptions secret = new SecretOptions();

  Sky connect() {
    return connect(DEFAULT_KEY_LIMIT);
  }

  /** A client that counts up to so many series in full. */
  Sky connect(int keyLimit) {
    SkyBuilder client =
        Sky.builder()
            .servers(addresses())
            .keyLimit(keyLimit)
            .closeTimeout(CLOSE_TIMEOUT)
            // A command that is stopped still sends what it has read, and closes the client itself.
            .closeAtExit(false);
    SecretFile file = secret.open();
    return (file == null ? client : client.secretFile(file)).build();
  }

  String addresses() {
    StringBuilder text = new StringBuilder();
    for (Member member : ring.list()) {
      String host = member.host().indexOf(':') >= 0 ? "[" + member.host() + "]" : member.host();
      text.append(text.isEmpty() ? "" : ",").append(host).append(':').append(member.udpPort());
    }
    return text.toString();
  }

  Duration patience() {
    return wait;
  }

  /** Why the counts of a command did not all arrive. */
  CommandFailure notAcknowledged(long open) {
    return CommandFailure.failed(
        open
            + " counts were not acknowledged within "
            + wait.toMillis() / 1000.0
            + " s by the ring at "
            + addresses()
            + ": is a server running there, and is its secret the same?");
  }
}
