package org.skymetrics.ui.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URISyntaxException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnPathTest {
  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/keys?prefix=a%7Cb&limit=3", "/#c=http_status&s=900", "/?a//b"})
  void shouldLeadToPathsOfThisServer(String path) {
    assertThat(ReturnPath.of(path)).isEqualTo(path);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/ /evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "evil.example",
        " /",
        "/a\r\nSet-Cookie: a=b",
        "/ä"
      })
  void shouldLeadNowhereElse(String path) {
    assertThat(ReturnPath.of(path)).isEqualTo("/");
  }

  @Property
  void shouldNeverLeaveThisServer(
      @ForAll @Chars({'/', '\\', '.', ':', '@', '\t', 'a', '#', '?', '%'}) @StringLength(max = 8)
          String path)
      throws URISyntaxException {
    String safe = ReturnPath.of(path);
    assertThat(safe).startsWith("/").doesNotStartWith("//").doesNotContain("\\", "\t");
    if (!safe.contains("%") && safe.indexOf('#') == safe.lastIndexOf('#')) {
      assertThat(new URI("http://sky.example/").resolve(new URI(safe)).getHost())
          .isEqualTo("sky.example");
    }
  }
}
