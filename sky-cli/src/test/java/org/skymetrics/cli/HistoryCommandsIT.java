package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.common.cell.Kind;
import org.skymetrics.store.riak.standin.RiakStandIn;

/** An operator's commands beside a system that runs. */
final class HistoryCommandsIT {
  private static final List<String> KEYS =
      List.of("deploys", "deploys|web,env:prod", "deploys|db,env:prod", "deploys|web,env:test");

  @TempDir Path folder;

  private SkyProcess start(String data) throws IOException {
    return SkyProcess.daemon(
        folder,
        "standalone",
        "--period=1s",
        "--shards=4",
        "--data=" + folder.resolve(data),
        "--udp=127.0.0.1:0",
        "--admin=127.0.0.1:0",
        "--http=127.0.0.1:0");
  }

  private CommandRun history(String command, String data, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("history", command, "--period=1s", "--shards=4"));
    arguments.add("--data=" + folder.resolve(data));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(new String[0]));
  }

  private static void send(SkyProcess sky, String kind, String key, String value) {
    CommandRun run = CommandRun.of("send", kind, key, value, "--ring", sky.udp());
    assertThat(run.status()).as(run.err()).isZero();
  }

  private static String total(SkyProcess sky, String key, String... more) {
    List<String> arguments = new ArrayList<>(List.of("query", key, "--total", "--from=-1h"));
    arguments.addAll(List.of("--http", sky.http()));
    arguments.addAll(List.of(more));
    CommandRun run = CommandRun.of(arguments.toArray(new String[0]));
    assertThat(run.status()).as(run.err()).isZero();
    return run.result();
  }

  private static void fill(SkyProcess sky) {
    send(sky, "counter", KEYS.get(1), "5");
    send(sky, "counter", KEYS.get(2), "70");
    send(sky, "counter", KEYS.get(3), "900");
    send(sky, "gauge", "room", "21.5");
    send(sky, "histogram", "took", "3.25");
  }

  private static void awaitHistory(SkyProcess sky) {
    String http = sky.http();
    long from = System.currentTimeMillis() / 1000 - 600;
    for (String key : KEYS) {
      Asked.until(key + " is in history", () -> Asked.isInHistory(http, key, from));
    }
    Asked.until("room is in history", () -> Asked.isInHistory(http, Kind.GAUGE, "room", from));
    Asked.until("took is in history", () -> Asked.isInHistory(http, Kind.HISTOGRAM, "took", from));
  }

  private static List<String> totals(SkyProcess sky) {
    List<String> totals = new ArrayList<>();
    KEYS.forEach(key -> totals.add(total(sky, key)));
    totals.add(total(sky, "took", "--kind=histogram"));
    totals.add(total(sky, "room", "--kind=gauge"));
    return totals;
  }

  @Test
  void shouldAddUpWhatMatches() throws IOException {
    try (SkyProcess sky = start("one")) {
      fill(sky);
      Asked.until(
          "all keys are listed", () -> total(sky, "deploys|*", "--list").lines().count() == 3);

      assertThat(total(sky, "deploys|*")).isEqualTo("975");
      assertThat(total(sky, "deploys|*env:prod*")).isEqualTo("75");
      assertThat(total(sky, "deploys|web*", "--list").lines())
          .containsExactly("deploys|web,env:prod\t5", "deploys|web,env:test\t900");
      assertThat(total(sky, "deploys|*", "--top=1")).isEqualTo("deploys|web,env:test\t900");
      CommandRun many = CommandRun.of("query", "deploys|*", "--max-series=2", "--http", sky.http());
      assertThat(many.status()).isEqualTo(2);
      assertThat(many.err()).contains("matches 3 series");
      CommandRun table = CommandRun.of("query", "deploys|*", "--list", "--http", sky.http());
      assertThat(table.out()).contains("counter:deploys|*  3 match", "deploys|db,env:prod", "70");
      CommandRun csv =
          CommandRun.of("query", "deploys|*prod", "--list", "--format=csv", "--http", sky.http());
      assertThat(csv.out()).startsWith("key,time,value,").contains("\"deploys|db,env:prod\",");
    }
  }

  @Test
  void shouldVerifyCopyAndMoveAHistoryThatRuns() throws IOException {
    Path file = folder.resolve("history.csv");
    Path copy = folder.resolve("history.backup");
    List<String> expected;
    try (SkyProcess sky = start("one")) {
      fill(sky);
      awaitHistory(sky);
      expected = totals(sky);
      assertThat(expected).startsWith("975", "5", "70", "900");

      CommandRun verify = history("verify", "one", "--from=-10m", "--to=now", "--rest=0");
      assertThat(verify.status()).as(verify.out() + verify.err()).isZero();
      assertThat(verify.out()).contains("all is well");
      CommandRun export = history("export", "one", "--from=-10m", "--to=now", file.toString());
      assertThat(export.status()).as(export.err()).isZero();
      CommandRun backup = history("backup", "one", copy.toString());
      assertThat(backup.status()).as(backup.err()).isZero();
      assertThat(totals(sky)).isEqualTo(expected);
    }

    CommandRun taken = history("import", "two", file.toString());
    assertThat(taken.status()).as(taken.err()).isZero();
    assertThat(history("import", "two", file.toString()).out()).startsWith("0 lines taken in");
    CommandRun again = history("export", "two", "--from=-10m", "--to=now");
    assertThat(again.out()).isEqualTo(Files.readString(file));

    CommandRun restored = history("restore", "three", copy.toString());
    assertThat(restored.status()).as(restored.err()).isZero();
    assertThat(history("restore", "three", copy.toString()).out()).startsWith("0 values restored");
    CommandRun wrong =
        CommandRun.of("history", "restore", copy.toString(), "--data=" + folder.resolve("four"));
    assertThat(wrong.status()).isEqualTo(1);
    assertThat(wrong.err()).contains("--period 1s --shards 4");
    assertThat(folder.resolve("four")).doesNotExist();
    for (String data : List.of("two", "three")) {
      try (SkyProcess sky = start(data)) {
        Asked.until("the keys are listed", () -> totals(sky).equals(expected));
      }
    }
  }

  @Test
  void shouldDeleteKeysUntilTheyAreCountedAgain() throws IOException {
    try (SkyProcess sky = start("one")) {
      fill(sky);
      awaitHistory(sky);

      CommandRun dry = delete("deploys|web*", "--dry-run");
      assertThat(dry.status()).as(dry.err()).isZero();
      assertThat(dry.out()).contains("2 series match: 2 counters", "counter:deploys|web,env:prod");
      assertThat(delete("deploys|web*").status()).isEqualTo(2);
      assertThat(total(sky, "deploys|*")).isEqualTo("975");

      CommandRun deleted = delete("deploys|web*", "--yes");
      assertThat(deleted.status()).as(deleted.err()).isZero();
      assertThat(total(sky, KEYS.get(1))).isEqualTo("0");
      assertThat(total(sky, "deploys")).isEqualTo("975");
      assertThat(delete("deploys|web*", "--dry-run").out()).startsWith("no series match");
      // Those that the deletion names count again from the next second on.
      long until = System.currentTimeMillis() / 1000 + 1;
      Asked.until("the second is over", () -> System.currentTimeMillis() / 1000 > until);
      send(sky, "counter", KEYS.get(1), "4");
      Asked.until("what is counted anew", () -> total(sky, KEYS.get(1)).equals("4"));
      assertThat(total(sky, "deploys")).isEqualTo("979");
      CommandRun verify = history("verify", "one", "--from=-10m", "--to=now", "--rest=0");
      assertThat(verify.status()).as(verify.out() + verify.err()).isZero();
    }
  }

  /** The same commands where each value is asked for over a network, and nothing else runs. */
  @Test
  void shouldDoTheSameOnRiak() throws IOException {
    Path lines = folder.resolve("lines.csv");
    Path copy = folder.resolve("riak.backup");
    Files.writeString(lines, linesOfAnHour());
    try (RiakStandIn riak = RiakStandIn.start();
        RiakStandIn other = RiakStandIn.start()) {
      CommandRun taken = onRiak(riak, "history", "import", lines.toString());
      assertThat(taken.status()).as(taken.err()).isZero();
      CommandRun verify = onRiak(riak, "history", "verify", "--from=-3h", "--rest=0");
      assertThat(verify.status()).as(verify.out() + verify.err()).isZero();
      CommandRun export = onRiak(riak, "history", "export", "--from=-3h");
      assertThat(export.out()).isEqualTo(Files.readString(lines));

      assertThat(onRiak(riak, "history", "backup", copy.toString()).status()).isZero();
      assertThat(onRiak(other, "history", "restore", copy.toString()).status()).isZero();
      CommandRun deleted = onRiak(other, "keys", "delete", "deploys|web*", "--yes");
      assertThat(deleted.status()).as(deleted.err()).isZero();
      assertThat(onRiak(other, "history", "export", "--from=-3h").out().lines())
          .containsExactlyElementsOf(
              Files.readString(lines).lines().filter(l -> !l.contains("|web")).toList());
      assertThat(onRiak(other, "history", "verify", "--from=-3h", "--rest=0").status()).isZero();
    }
  }

  /** Two counters, two hours ago. */
  private static String linesOfAnHour() {
    StringBuilder lines =
        new StringBuilder(
            "time,period,kind,key,sum,fraction,last,lastMs,lane,sequence,count,min,max,sum"
                + "Squares,buckets,stored\n");
    long from = System.currentTimeMillis() / 3_600_000 * 3_600 - 7_200;
    for (long at = from; at < from + 3_600; at += 60) {
      for (String key : List.of("deploys|db", "deploys|web")) {
        lines.append(at + ",60,counter,\"" + key + "\"," + at % 977 + ",,,,,,,,,,,\n");
      }
    }
    return lines.toString();
  }

  private static CommandRun onRiak(RiakStandIn riak, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--shards=4", "--riak=" + riak.address()));
    return CommandRun.of(all.toArray(new String[0]));
  }

  private CommandRun delete(String pattern, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("keys", "delete", pattern, "--period=1s", "--shards=4"));
    arguments.add("--data=" + folder.resolve("one"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(new String[0]));
  }
}
