package org.skymetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords and tokens, made by the command and asked for by a process. */
final class LoginCommandsIT {
  @TempDir Path folder;

  private String token(String name, Path file) {
    CommandRun run = CommandRun.of("token", name, "--token-file=" + file);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.result()).matches("sky_[A-Za-z0-9_-]{43}");
    return run.result();
  }

  private static CommandRun password(String input, String... arguments) {
    return CommandRun.withInput(input, Map.of(), arguments);
  }

  @Test
  void shouldAnswerCommandsThatShowAToken() throws IOException {
    Path passwords = folder.resolve("passwords");
    Path tokens = folder.resolve("tokens");
    assertThat(password("secret\n", "password", "ann", "--password-file=" + passwords).status())
        .isZero();
    String old = token("ci", tokens);
    String token = token("ci", tokens);
    try (SkyProcess sky =
        SkyProcess.daemon(
            folder,
            "standalone",
            "--data=" + folder.resolve("data"),
            "--udp=127.0.0.1:0",
            "--admin=127.0.0.1:0",
            "--http=127.0.0.1:0",
            "--password-file=" + passwords,
            "--token-file=" + tokens)) {
      String http = "--http=" + sky.http();
      Path own = ownFile(token);
      for (List<String> command :
          List.of(
              List.of("status", http),
              List.of("keys", http),
              List.of("query", "a", "--kind=counter", http))) {
        String[] asked = command.toArray(new String[0]);
        CommandRun none = CommandRun.of(asked);
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.err())
            .contains("http://" + sky.http() + " wants a login: give a token, in SKY_TOKEN");
        CommandRun wrong = CommandRun.in(Map.of("SKY_TOKEN", old), asked);
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.err()).contains("does not know this token").doesNotContain(old);
        CommandRun right = CommandRun.in(Map.of("SKY_TOKEN", token), asked);
        assertThat(right.status()).as(right.err()).isZero();
        CommandRun byFile = CommandRun.in(Map.of("SKY_TOKEN_FILE", own.toString()), asked);
        assertThat(byFile.status()).as(byFile.err()).isZero();
      }
      CommandRun hashes = CommandRun.of("status", http, "--token-file=" + tokens);
      assertThat(hashes.status()).isEqualTo(2);
      assertThat(hashes.err()).contains("it holds the hashes of tokens");
      CommandRun broken = CommandRun.in(Map.of("SKY_TOKEN", "a\nb: c"), "status", http);
      assertThat(broken.status()).isEqualTo(2);
      assertThat(Asked.get(sky.http(), "/api/keys").statusCode()).isEqualTo(401);
      assertThat(Asked.get(sky.http(), "/healthz").statusCode()).isEqualTo(200);
    }
  }

  private Path ownFile(String token) throws IOException {
    Path file = Files.writeString(folder.resolve("own"), token + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void shouldWriteFilesForTheirOwnerAloneAndReplaceLines() throws IOException {
    Path file = folder.resolve("passwords");
    String option = "--password-file=" + file;
    assertThat(password("one", "password", "ann", option).status()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(password("two", "password", "bob", option).status()).isZero();
    List<String> before = Files.readAllLines(file);
    assertThat(password("three", "password", "ann", option).status()).isZero();
    List<String> after = Files.readAllLines(file);
    assertThat(after).hasSize(2).element(1).isEqualTo(before.get(1));
    assertThat(after.get(0)).startsWith("ann:$2y$").isNotEqualTo(before.get(0));
    CommandRun other = CommandRun.of("token", "ci", "--token-file=" + file);
    assertThat(other.status()).isEqualTo(2);
    assertThat(other.err()).contains("is another kind of file");
    assertThat(Files.readAllLines(file)).isEqualTo(after);
  }

  @Test
  void shouldPrintLinesWithoutAFile() {
    CommandRun password = password("pässwort\nmore\n", "password", "ann");
    assertThat(password.result()).matches("ann:\\$2y\\$12\\$[./A-Za-z0-9]{53}");
    CommandRun token = CommandRun.of("token", "ci");
    assertThat(token.result()).matches("sky_[A-Za-z0-9_-]{43}\nci:[0-9a-f]{64}");
  }

  @Test
  void shouldRefuseBadNamesAndPasswords() {
    assertThat(password("a", "password", "an:n").err()).contains("no colon");
    assertThat(password("", "password", "ann").err()).contains("a password has 1 to 71 bytes");
    assertThat(password("a".repeat(72), "password", "ann").status()).isEqualTo(2);
    assertThat(CommandRun.of("token", "a b").err()).contains("a token's name has");
  }

  @Test
  void shouldNotStartWithFilesThatCanNotBeUsed() throws IOException {
    Path file = folder.resolve("passwords");
    String data = "--data=" + folder.resolve("u");
    CommandRun none = CommandRun.of("ui", data, "--http=127.0.0.1:0", "--password-file=" + file);
    assertThat(none.status()).isEqualTo(2);
    assertThat(none.err()).contains("--password-file: the password file " + file + " is not there");
    Files.writeString(file, "ann:secret\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    CommandRun open = CommandRun.of("ui", data, "--http=127.0.0.1:0", "--password-file=" + file);
    assertThat(open.err())
        .contains("can be read or written by any user of this machine; chmod 600");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    CommandRun plain = CommandRun.of("ui", data, "--http=127.0.0.1:0", "--password-file=" + file);
    assertThat(plain.err()).contains("line 1", "bcrypt").doesNotContain("secret");
    CommandRun tokens = CommandRun.of("ui", data, "--http=127.0.0.1:0", "--token-file=" + file);
    assertThat(tokens.err()).contains("--token-file needs --password-file");
    CommandRun proxy =
        CommandRun.of("ui", data, "--http=127.0.0.1:0", "--trusted-proxy=proxy.example");
    assertThat(proxy.err()).contains("--trusted-proxy is an IP address");
  }

  @Test
  void shouldBindOtherAddressesWithALoginOrWhereAllMayReadAll() throws IOException {
    String data = "--data=" + folder.resolve("u");
    CommandRun unsealed =
        CommandRun.in(Map.of("SKY_ALLOW_UNSEALED", "true"), "ui", data, "--http=0.0.0.0:0");
    assertThat(unsealed.status()).isEqualTo(2);
    assertThat(unsealed.err()).contains("--allow-anonymous");
    Path passwords = folder.resolve("passwords");
    assertThat(password("secret", "password", "ann", "--password-file=" + passwords).status())
        .isZero();
    for (String option : List.of("--allow-anonymous", "--password-file=" + passwords)) {
      try (SkyProcess ui =
          SkyProcess.daemon(
              folder, "ui", data, "--http=0.0.0.0:0", "--allow-host=sky.example", option)) {
        String near = "127.0.0.1:" + ui.http().replaceAll(".*:", "");
        assertThat(Asked.get(near, "/api/keys").statusCode())
            .isEqualTo(option.equals("--allow-anonymous") ? 200 : 401);
        assertThat(ui.stop()).isIn(0, 143);
      }
    }
  }
}
