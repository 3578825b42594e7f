package org.skymetrics.server.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.skymetrics.common.cell.Kind;

class KnownKeysTest {
  private final KnownKeys keys = new KnownKeys(1000);

  private static KnownKey key(String name) {
    byte[] utf8 = name.getBytes(UTF_8);
    return new KnownKey(name, Kind.COUNTER, utf8, NameHash.of(utf8, 0, utf8.length));
  }

  private KnownKey find(String name) {
    byte[] utf8 = (name + "rest").getBytes(UTF_8);
    int length = utf8.length - 4;
    return keys.find(utf8, 0, length, NameHash.of(utf8, 0, length));
  }

  @Test
  void shouldFindEachByItsBytes() {
    for (int i = 0; i < 1000; i++) {
      assertThat(find("k|" + i)).isNull();
      assertThat(keys.add(key("k|" + i))).isTrue();
    }
    for (int i = 0; i < 1000; i++) {
      assertThat(find("k|" + i).name).isEqualTo("k|" + i);
    }
    assertThat(find("k|1000")).isNull();
  }

  @Test
  void shouldForgetAllWhereThereAreTooMany() {
    for (int i = 0; i < 1000; i++) {
      keys.add(key("k|" + i));
    }
    assertThat(keys.add(key("more"))).isFalse();
    assertThat(keys.size()).isEqualTo(1);
    assertThat(find("more")).isNotNull();
    assertThat(find("k|1")).isNull();
  }
}
