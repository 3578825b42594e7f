package org.skymetrics.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.sqlite.DataDirectory.Mode;

class DataDirectoryTest {
  @TempDir Path parent;

  @Test
  void shouldMakeTheDirectoryAndKeepTheName() {
    Path directory = parent.resolve("a").resolve("b");
    String name;
    try (DataDirectory held = DataDirectory.lock(directory, Mode.EXCLUSIVE)) {
      name = held.memberName();
      assertThat(name).matches("sky-[0-9a-f]{8}");
      assertThat(held.path()).isDirectory();
    }
    try (DataDirectory held = DataDirectory.lock(directory, Mode.SHARED_HISTORY)) {
      assertThat(held.memberName()).isEqualTo(name);
    }
    try (DataDirectory other = DataDirectory.lock(parent.resolve("c"), Mode.EXCLUSIVE)) {
      assertThat(other.memberName()).isNotEqualTo(name);
    }
  }

  @Test
  void shouldRefuseASecondHolderWhereOneIsAlone() {
    for (Mode[] modes :
        new Mode[][] {
          {Mode.EXCLUSIVE, Mode.EXCLUSIVE},
          {Mode.EXCLUSIVE, Mode.SHARED_HISTORY},
          {Mode.SHARED_HISTORY, Mode.EXCLUSIVE}
        }) {
      DataDirectory first = DataDirectory.lock(parent, modes[0]);
      assertThatThrownBy(() -> DataDirectory.lock(parent.resolve("."), modes[1]))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("in use by this process")
          .hasMessageContaining("--data");
      first.close();
      first.close();
      DataDirectory.lock(parent, modes[1]).close();
    }
  }

  @Test
  void shouldLetAnyNumberShareHistory() {
    DataDirectory first = DataDirectory.lock(parent, Mode.SHARED_HISTORY);
    DataDirectory second = DataDirectory.lock(parent, Mode.SHARED_HISTORY);
    first.close();
    assertThatThrownBy(() -> DataDirectory.lock(parent, Mode.EXCLUSIVE))
        .isInstanceOf(StoreException.class);
    second.close();
    DataDirectory.lock(parent, Mode.EXCLUSIVE).close();
  }

  @Test
  void shouldRefuseANameFileThatHoldsNoName() throws IOException {
    Files.writeString(parent.resolve("name"), "two words\n");
    assertThatThrownBy(() -> DataDirectory.lock(parent, Mode.EXCLUSIVE))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(parent.toRealPath().resolve("name").toString());
    Files.writeString(parent.resolve("name"), "web-1\n");
    try (DataDirectory held = DataDirectory.lock(parent, Mode.EXCLUSIVE)) {
      assertThat(held.memberName()).isEqualTo("web-1");
    }
  }

  @Test
  void shouldSayThatItCanNotBeADirectory() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));
    assertThatThrownBy(() -> DataDirectory.lock(file, Mode.EXCLUSIVE))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("data directory " + file);
  }
}
