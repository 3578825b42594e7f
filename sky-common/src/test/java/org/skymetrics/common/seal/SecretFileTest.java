package org.skymetrics.common.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {
  private static final String OLD = "0f".repeat(32);
  private static final String NEW = "f0".repeat(32);

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void name() {
    path = folder.resolve("secret");
  }

  private void write(String text, String permissions, int atSecond) throws IOException {
    Files.writeString(path, text);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    Files.setLastModifiedTime(path, FileTime.fromMillis(1_700_000_000_000L + atSecond * 1000L));
  }

  @Test
  void shouldBeReadAgainWhenItChanges() throws IOException {
    write(OLD + "\n", "rw-r-----", 0);
    SecretFile file = SecretFile.open(path);
    Secrets before = file.get();
    assertThat(before.all()).containsExactly(Secret.parse(OLD));
    assertThat(file.refresh()).isNull();
    assertThat(file.get()).isSameAs(before);
    write(NEW + "\n" + OLD + "\n", "rw-------", 1);
    assertThat(file.refresh()).contains("2 are accepted").doesNotContain(OLD);
    assertThat(file.get().first()).isEqualTo(Secret.parse(NEW));
    assertThat(file.refresh()).isNull();
  }

  @Test
  void shouldKeepWhatWasReadWhereItCanNotBeUsedNow() throws IOException {
    write(OLD, "rw-------", 0);
    SecretFile file = SecretFile.open(path);
    write("half a secr", "rw-------", 1);
    assertThat(file.refresh())
        .contains("line 1 is neither base64 nor hex")
        .contains("the secrets of before stay in force")
        .doesNotContain("half");
    Files.delete(path);
    assertThat(file.refresh()).contains("is not there");
    assertThat(file.refresh()).as("said once").isNull();
    assertThat(file.get().first()).isEqualTo(Secret.parse(OLD));
    write(NEW, "rw-------", 2);
    assertThat(file.refresh()).contains("1 are accepted");
    assertThat(file.get().first()).isEqualTo(Secret.parse(NEW));
  }

  @Test
  void shouldBeRefusedWhereOthersCanReadIt() throws IOException {
    write(OLD, "rw-r--r--", 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SecretFile.open(path))
        .withMessage(
            "the secret file "
                + path
                + " can be read or written by any user of this machine; chmod 600 it");
    write(OLD, "rw-----w-", 0);
    assertThatIllegalArgumentException().isThrownBy(() -> SecretFile.open(path));
  }

  @Test
  void shouldSayWhatIsWrongWithIt() throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SecretFile.open(path))
        .withMessage("the secret file " + path + " is not there");
    write("", "rw-------", 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SecretFile.open(path))
        .withMessageContaining("it holds 0 secrets; 1 to 8 are wanted")
        .withMessageContaining("openssl rand -base64 32");
    Files.write(path, new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SecretFile.open(path))
        .withMessageContaining("is not text");
  }
}
