package org.skymetrics.benchmarks.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A daemon that takes statsd text over UDP on loopback, and how it is started.
 *
 * @param name how it is called in the table
 * @param port the UDP port that it listens at
 * @param files what its folder holds when it is started, by name; {@code @DIR@} stands for the
 *     folder
 * @param command the command line, in which {@code @DIR@} stands for its folder; the process that
 *     it starts must not leave for the background
 */
record Peer(String name, int port, Map<String, String> files, List<String> command) {
  private static final String DIR = "@DIR@";
  private static final int COLLECTD_PORT = 18225;
  private static final int NETDATA_PORT = 18226;
  private static final int STATSD_PORT = 18227;
  static final int SKY_PORT = 18135;

  /** {@code sky standalone}: the ring's daemon, the rollup and the page in one process. */
  static Peer sky() {
    return new Peer(
        "sky",
        SKY_PORT,
        Map.of(),
        List.of(
            "./sky",
            "standalone",
            "--udp",
            "127.0.0.1:" + SKY_PORT,
            "--admin",
            "127.0.0.1:18136",
            "--http",
            "127.0.0.1:18190",
            "--period",
            "10s",
            "--data",
            DIR + "/data"));
  }

  /**
   * collectd with its statsd plugin alone; what it gathers is read every 10 s, and written nowhere.
   */
  static Peer collectd(String program) {
    String config =
        """
        FQDNLookup false
        Interval 10
        BaseDir "@DIR@"
        PIDFile "@DIR@/pid"
        TypesDB "/usr/share/collectd/types.db"
        LoadPlugin logfile
        <Plugin logfile>
          LogLevel err
          File "@DIR@/log"
        </Plugin>
        LoadPlugin statsd
        <Plugin statsd>
          Host "127.0.0.1"
          Port "%d"
          DeleteTimers true
          TimerPercentile 90
          TimerPercentile 99
          TimerLower true
          TimerUpper true
          TimerSum true
          TimerCount true
        </Plugin>
        """
            .formatted(COLLECTD_PORT);
    return new Peer(
        "collectd",
        COLLECTD_PORT,
        Map.of("collectd.conf", config),
        List.of(program, "-f", "-C", DIR + "/collectd.conf"));
  }

  /** netdata with its statsd collector alone, and its database in memory. */
  static Peer netdata(String program) {
    String config =
        """
        [global]
            run as user = root
        [directories]
            cache = @DIR@/cache
            lib = @DIR@/lib
            log = @DIR@/log
        [db]
            mode = ram
            retention = 600
        [web]
            mode = none
        [health]
            enabled = no
        [ml]
            enabled = no
        [plugins]
            timex = no
            idlejitter = no
            netdata monitoring = no
            tc = no
            diskspace = no
            proc = no
            cgroups = no
            checks = no
            enable running new plugins = no
            apps = no
            charts.d = no
            fping = no
            ioping = no
            node.d = no
            python.d = no
            go.d = no
            perf = no
            slabinfo = no
            statsd = yes
        [statsd]
            enabled = yes
            bind to = udp:127.0.0.1:%d
        """
            .formatted(NETDATA_PORT);
    return new Peer(
        "netdata",
        NETDATA_PORT,
        Map.of("netdata.conf", config, "cache/.keep", "", "lib/.keep", "", "log/.keep", ""),
        List.of(program, "-D", "-c", DIR + "/netdata.conf"));
  }

  /** statsd for Node, with no backend but one that throws all away. */
  static Peer statsd(Path statsdJs) {
    String config =
        "{ port: %d, address: '127.0.0.1', mgmt_port: 18228, backends: ['%s/null.js'] }"
            .formatted(STATSD_PORT, DIR);
    return new Peer(
        "statsd",
        STATSD_PORT,
        Map.of("config.js", config, "null.js", "exports.init = () => true;\n"),
        List.of("node", statsdJs.toString(), DIR + "/config.js"));
  }

  /** One that an option tells of: {@code name=port:command ...}, blanks between its arguments. */
  static Peer parse(String text) {
    int equals = text.indexOf('=');
    int colon = text.indexOf(':', equals + 1);
    if (equals < 1 || colon < 0) {
      throw new IllegalArgumentException("a daemon is told as NAME=PORT:COMMAND, not as " + text);
    }
    return new Peer(
        text.substring(0, equals),
        Integer.parseInt(text.substring(equals + 1, colon)),
        Map.of(),
        List.of(text.substring(colon + 1).strip().split(" +")));
  }

  /** Starts it in this folder, and waits until it listens. */
  RunningPeer start(Path folder) throws IOException, InterruptedException {
    if (UdpFigures.of(port).isBound()) {
      throw new IOException("another program is at port " + port + ", which " + name + " needs");
    }
    Started.endsWithThis();
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue().replace(DIR, folder.toString()));
    }
    List<String> arguments = new ArrayList<>();
    command.forEach(argument -> arguments.add(argument.replace(DIR, folder.toString())));
    Process process =
        new ProcessBuilder(arguments)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    RunningPeer running = new RunningPeer(this, process);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
    while (!UdpFigures.of(port).isBound()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        running.close();
        throw new IOException(name + " did not start; what it said is in " + folder + "/said");
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return running;
  }
}
