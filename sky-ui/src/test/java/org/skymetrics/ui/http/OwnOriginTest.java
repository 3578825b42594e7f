package org.skymetrics.ui.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnOriginTest {
  @ParameterizedTest
  @CsvSource({
    ",,127.0.0.1:8180,false",
    ",same-origin,127.0.0.1:8180,false",
    ",none,127.0.0.1:8180,false",
    "http://127.0.0.1:8180,,127.0.0.1:8180,false",
    "http://localhost:8180,same-origin,LOCALHOST:8180,false",
    "http://sky.example,,sky.example:80,false",
    "https://sky.example,same-origin,sky.example,true",
    "https://sky.example:443,,sky.example,true",
    "http://[::1]:8180,,[::1]:8180,false"
  })
  void shouldTakeOwnPagesAndWhatIsNoBrowser(
      String origin, String fetchSite, String host, boolean secure) {
    assertThat(OwnOrigin.isOwn(origin, fetchSite, host, secure)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "null,,127.0.0.1:8180,false",
    "'',,127.0.0.1:8180,false",
    "http://evil.example,,127.0.0.1:8180,false",
    "http://127.0.0.1:8181,,127.0.0.1:8180,false",
    "http://127.0.0.1,,127.0.0.1:8180,false",
    "http://localhost:8180,,127.0.0.1:8180,false",
    "http://127.0.0.1:8180.evil.example,,127.0.0.1:8180,false",
    "http://sky.example,,sky.example,true",
    "https://sky.example,,sky.example,false",
    "http://sky.example@evil.example,,sky.example,false",
    "http://sky.example,,,false",
    ",cross-site,127.0.0.1:8180,false",
    ",same-site,127.0.0.1:8180,false",
    ",'',127.0.0.1:8180,false",
    "http://127.0.0.1:8180,cross-site,127.0.0.1:8180,false"
  })
  void shouldRefusePagesOfOthers(String origin, String fetchSite, String host, boolean secure) {
    assertThat(OwnOrigin.isOwn(origin, fetchSite, host, secure)).isFalse();
  }
}
