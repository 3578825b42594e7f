package org.skymetrics.cli.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FollowedFileTest {
  @TempDir Path folder;

  private final GatheredLines gathered = new GatheredLines();
  private Path path;
  private FollowedFile file;

  @BeforeEach
  void follow() {
    path = folder.resolve("access.log");
    file = new FollowedFile(path, false, gathered);
  }

  @AfterEach
  void close() throws IOException {
    file.close();
  }

  @Test
  void shouldReadWhatIsThereAndWhatIsAdded() throws IOException {
    append("one\n");
    pollAll();
    assertThat(gathered.lines).containsExactly("one");

    append("two\nthr");
    pollAll();
    append("ee\n");
    pollAll();
    assertThat(gathered.lines).containsExactly("one", "two", "three");
  }

  @Test
  void shouldWaitForAFileThatIsMissing() throws IOException {
    pollAll();
    assertThat(file.isOpen()).isFalse();

    append("one\n");
    pollAll();
    assertThat(gathered.lines).containsExactly("one");
  }

  @Test
  void shouldGoOnWithTheNewFileWhenTheNameIsGivenToAnother() throws IOException {
    append("one\n");
    pollAll();
    append("two\n");
    Path old = Files.move(path, folder.resolve("access.log.1"));
    pollAll();
    append("three\n");
    pollAll();
    Files.writeString(old, "late\n", StandardOpenOption.APPEND);
    pollAll();
    append("four\n");
    pollAll();

    assertThat(gathered.lines).containsExactly("one", "two", "three", "late", "four");
    assertThat(file.rotations()).isEqualTo(1);
  }

  @Test
  void shouldReadACutFileFromItsStart() throws IOException {
    append("one\ntwo\nhal");
    pollAll();
    Files.writeString(path, "", StandardOpenOption.TRUNCATE_EXISTING);
    pollAll();
    append("three\n");
    pollAll();

    assertThat(gathered.lines).containsExactly("one", "two", "three");
    assertThat(file.truncations()).isEqualTo(1);
  }

  @Test
  void shouldPassOverWhatIsThereWhenAsked() throws IOException {
    append("one\n");
    try (FollowedFile onlyNew = new FollowedFile(path, true, gathered)) {
      onlyNew.poll();
      append("two\n");
      while (onlyNew.poll()) {}
      Files.move(path, folder.resolve("access.log.1"));
      append("three\n");
      while (onlyNew.poll()) {}
    }

    assertThat(gathered.lines).containsExactly("two", "three");
  }

  @Test
  void shouldReadGzipOnce() throws IOException {
    Files.write(path, gzip("one\ntwo\n"));
    Files.write(path, gzip("three"), StandardOpenOption.APPEND);
    pollAll();
    pollAll();
    file.finish();

    assertThat(gathered.lines).containsExactly("one", "two", "three");
  }

  @Test
  void shouldSayThatAGzipFileBreaksOff() throws IOException {
    byte[] whole = gzip("one\ntwo\n".repeat(1000));
    Files.write(path, Arrays.copyOf(whole, whole.length - 5));

    assertThatThrownBy(this::pollAll).isInstanceOf(EOFException.class);
  }

  private void pollAll() throws IOException {
    while (file.poll()) {
      // There may be more.
    }
  }

  private void append(String text) throws IOException {
    Files.writeString(
        path,
        text,
        StandardCharsets.ISO_8859_1,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    return bytes.toByteArray();
  }
}
