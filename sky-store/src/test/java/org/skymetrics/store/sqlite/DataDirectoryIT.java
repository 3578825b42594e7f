package org.skymetrics.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.history.Context;
import org.skymetrics.store.sqlite.DataDirectory.Mode;

/** A data directory among several processes. */
class DataDirectoryIT {
  private final List<Process> processes = new ArrayList<>();

  @TempDir Path directory;

  /** Locks, says its name or why not, writes to history where it may, and waits to be killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      Path path = Path.of(arguments[0]);
      Mode mode = Mode.valueOf(arguments[1]);
      try (DataDirectory held = DataDirectory.lock(path, mode);
          SqliteHistoryStore history = SqliteHistoryStore.open(path)) {
        for (int i = 0; i < 50; i++) {
          history.put("k" + ProcessHandle.current().pid(), new byte[] {1}, Context.NONE);
        }
        System.out.println(held.memberName());
        System.out.flush();
        System.in.read();
      } catch (StoreException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  private Process start(Mode mode) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-XX:TieredStopAtLevel=1",
                "-Dslf4j.internal.verbosity=ERROR",
                Holder.class.getName(),
                directory.toString(),
                mode.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    processes.add(process);
    return process;
  }

  private static String said(Process process) throws IOException {
    BufferedReader out = process.inputReader();
    return out.readLine();
  }

  @Test
  void shouldNameTheProcessThatHasItAndBeFreeWhenThatIsKilled() throws Exception {
    Process holder = start(Mode.EXCLUSIVE);
    String name = said(holder);
    for (Mode mode : Mode.values()) {
      assertThatThrownBy(() -> DataDirectory.lock(directory, mode))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("in use by the process " + holder.pid());
    }
    holder.destroyForcibly().waitFor();
    try (DataDirectory held = DataDirectory.lock(directory, Mode.EXCLUSIVE)) {
      assertThat(held.memberName()).isEqualTo(name);
      assertThat(said(start(Mode.SHARED_HISTORY)))
          .contains("in use by the process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void shouldLetProcessesOpenAndWriteOneHistoryAtTheSameTime() throws Exception {
    List<Process> sharing = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      sharing.add(start(Mode.SHARED_HISTORY));
    }
    try (DataDirectory held = DataDirectory.lock(directory, Mode.SHARED_HISTORY)) {
      for (Process process : sharing) {
        assertThat(said(process)).isEqualTo(held.memberName());
      }
    }
    assertThatThrownBy(() -> DataDirectory.lock(directory, Mode.EXCLUSIVE))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("in use by the processes")
        .hasMessageContaining(Long.toString(sharing.get(0).pid()));
    try (SqliteHistoryStore history = SqliteHistoryStore.open(directory)) {
      for (Process process : sharing) {
        assertThat(history.get("k" + process.pid()).values()).hasSize(50);
      }
    }
  }
}
