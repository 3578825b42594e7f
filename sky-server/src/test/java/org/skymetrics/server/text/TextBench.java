package org.skymetrics.server.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.skymetrics.client.Recording;
import org.skymetrics.client.Sky;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.common.time.Period;
import org.skymetrics.server.count.Counters;
import org.skymetrics.server.count.Offenders;
import org.skymetrics.server.count.ServerCounter;
import org.skymetrics.server.statsd.Dialect;
import org.skymetrics.store.annotation.Annotation;

/** Text input without a network, whose client can be read. */
final class TextBench {
  static final long START_MS = 1_700_000_010_000L;

  final ManualClock clock = new ManualClock(START_MS);
  final Counters counters = new Counters();
  final Recording recording = Sky.recording();
  final List<Annotation> events = new ArrayList<>();
  final TextInput input;
  final TextIntake intake;

  TextBench(Dialect dialect, String... from) {
    input =
        new TextInput(
            new TextConfig(List.of(), AllowedSenders.of(List.of(from)), 10, Duration.ofHours(1)),
            Period.ONE_MINUTE,
            Duration.ofHours(24),
            1000,
            recording::sky,
            events::add,
            clock,
            new Offenders(clock),
            counters);
    intake = input.newIntake(dialect);
  }

  void take(String datagram) {
    take("127.0.0.1", datagram.getBytes(UTF_8));
  }

  void take(String from, byte[] datagram) {
    intake.onPacket(datagram, 0, datagram.length, sender(from));
  }

  static InetSocketAddress sender(String ip) {
    try {
      return new InetSocketAddress(InetAddress.getByName(ip), 40_000);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  long counted(ServerCounter counter) {
    return counters.get(counter);
  }
}
