package org.skymetrics.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.skymetrics.cli.accesslog.AccessLogCounts;
import org.skymetrics.cli.accesslog.FollowedFile;
import org.skymetrics.cli.accesslog.LogStream;
import org.skymetrics.cli.settings.CommandFailure;
import org.skymetrics.client.Sky;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sky tail}: counts what access logs tell. */
@Command(
    name = "tail",
    description = {
      "Counts the lines of access logs, as they are written.",
      "",
      "Reads the combined and the common format, plain or gzip, from the start, and on as the file"
          + " grows and is rotated, as tail -F does. A line counts at the time it is read, in"
          + " http_status|CODE, http_method|METHOD, http_bytes (a counter, the sum of the sizes) and"
          + " http_response_bytes|METHOD (a histogram)."
    })
final class TailCommand implements Callable<Integer> {
  private static final String STDIN = "-";
  private static final Duration POLL = Duration.ofMillis(250);

  @ParentCommand private @Nullable SkyCommand parent;
  @Mixin private RingOptions ring = new RingOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Access logs; - is stdin, read to its end.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--once",
      description =
          "Read to the end, wait until all is acknowledged, report on stderr, and return.")
  private boolean once;

  @Option(
      names = "--new",
      description = "Pass over what the files hold now: count only what is written from now on.")
  private boolean onlyNew;

  @Override
  public Integer call() throws IOException {
    SkyCommand sky = Parents.of(parent);
    if (once && onlyNew) {
      throw CommandFailure.usage("--once reads what is there, --new passes over it: give one");
    }
    Stop stop = sky.outside().stop();
    stop.heed();
    sky.logAsTool();
    try (Sky client = ring.connect();
        Progress progress = Progress.on(sky.outside())) {
      AccessLogCounts counts = new AccessLogCounts(client);
      progress.show(() -> counts.lines() + " lines, " + Counts.line(client));
      boolean all;
      try {
        read(counts, sky);
      } finally {
        all = client.awaitAcknowledged(ring.patience());
        progress.clear();
        report(counts, sky);
      }
      if (!all) {
        throw ring.notAcknowledged(Counts.open(client));
      }
      return CommandFailure.OK;
    }
  }

  private void read(AccessLogCounts counts, SkyCommand sky) throws IOException {
    sayMissing(sky);
    List<FollowedFile> followed = new ArrayList<>();
    try {
      for (String file : files) {
        if (file.equals(STDIN)) {
          LogStream.read(sky.outside().in(), counts, sky.outside().stop()::isWished);
        } else {
          followed.add(new FollowedFile(Path.of(file), onlyNew, counts));
        }
      }
      follow(followed, sky.outside().stop());
    } finally {
      for (FollowedFile file : followed) {
        file.close();
      }
    }
  }

  private void sayMissing(SkyCommand sky) {
    for (String file : files) {
      if (!file.equals(STDIN) && !Files.exists(Path.of(file))) {
        if (once) {
          throw CommandFailure.failed("there is no file " + file);
        }
        sky.say("sky tail: there is no file " + file + " yet; waiting for it");
      }
    }
  }

  /** Reads all files in turn; to their ends, or until it is wished that it stop. */
  private void follow(List<FollowedFile> followed, Stop stop) {
    boolean ended = followed.isEmpty();
    while (!ended && !stop.isWished()) {
      boolean more = false;
      for (FollowedFile file : followed) {
        more |= poll(file);
      }
      ended = !more && (once || stop.await(POLL));
    }
    followed.forEach(FollowedFile::finish);
  }

  private static boolean poll(FollowedFile file) {
    try {
      return file.poll();
    } catch (IOException e) {
      throw CommandFailure.failed(file.path() + " can't be read further: " + e.getMessage(), e);
    }
  }

  private void report(AccessLogCounts counts, SkyCommand sky) {
    sky.say(
        "sky tail: "
            + counts.lines()
            + " lines read, "
            + counts.unreadable()
            + " of them could not be read as access log lines");
    if (counts.firstUnreadable() != null) {
      sky.say("sky tail: the first that could not, " + counts.firstUnreadable());
    }
  }
}
