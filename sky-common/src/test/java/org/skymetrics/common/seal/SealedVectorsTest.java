package org.skymetrics.common.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.bytes.ByteWriter;

/**
 * The sealed forms of docs/sealed-vectors.txt, made of the packets of docs/protocol-vectors.txt.
 */
class SealedVectorsTest {
  private static final long LANE_NONCE = 0x2122232425262728L;
  private static final long CLIENT_SALT = 0x4142434445464748L;
  private static final long SERVER_SALT = 0x5152535455565758L;

  @Test
  void shouldSealAsTheSpecificationHasIt() throws IOException {
    Map<String, String> plain = read("protocol-vectors.txt");
    Map<String, String> sealed = read("sealed-vectors.txt");
    Secret secret = Secret.parse(sealed.get("secret"));
    Secrets secrets = Secrets.of(secret);
    ClientSeal client = ClientSeal.of(() -> secrets, salts(CLIENT_SALT));
    ServerSeal server = ServerSeal.of(() -> secrets, salts(SERVER_SALT));
    Map<String, String> ours = new LinkedHashMap<>();
    ours.put("secret", sealed.get("secret"));
    ours.put("token", secret.token());
    for (String name : List.of("hello", "open", "data")) {
      ours.put(name, HexFormat.of().formatHex(client.close(bytes(plain, name), LANE_NONCE)));
    }
    for (String name : List.of("cookie", "opened", "ack", "ring")) {
      byte[] packet = bytes(plain, name);
      ByteWriter out = server.close(new ByteWriter(packet.length).raw(packet));
      ours.put(name, HexFormat.of().formatHex(out.toBytes()));
    }
    assertThat(ours).containsExactlyEntriesOf(sealed);
  }

  /** The first half of a salt; the second is the same, all bits turned. */
  private static RandomGenerator salts(long salt) {
    ArrayDeque<Long> halves = new ArrayDeque<>(List.of(salt, ~salt));
    return halves::remove;
  }

  private static byte[] bytes(Map<String, String> vectors, String name) {
    String hex = vectors.get(name);
    int zeros = hex.indexOf('(');
    if (zeros < 0) {
      return HexFormat.of().parseHex(hex);
    }
    int count = Integer.parseInt(hex.replaceAll(".*\\*(\\d+)\\)", "$1"));
    return HexFormat.of().parseHex(hex.substring(0, zeros) + "00".repeat(count));
  }

  private static Map<String, String> read(String file) throws IOException {
    Map<String, String> vectors = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of("../docs", file))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] words = line.trim().split("\\s+");
        vectors.put(words[0], words[1]);
      }
    }
    return vectors;
  }
}
