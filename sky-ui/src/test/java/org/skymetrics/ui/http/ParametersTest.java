package org.skymetrics.ui.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ParametersTest {
  private static final Set<String> KNOWN = Set.of("series", "from", "limit");

  @Test
  void shouldUndoEscapes() {
    Parameters parameters =
        Parameters.parse("series=counter%3Aa%7Cb+c&series=gauge:%C3%A4&from=", KNOWN);

    assertThat(parameters.all("series")).containsExactly("counter:a|b c", "gauge:\u00e4");
    assertThat(parameters.one("from")).isEmpty();
    assertThat(parameters.one("limit")).isNull();
    assertThat(parameters.number("limit", 1, 10, 7)).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x=1",
        "series",
        "&",
        "series=a&&from=1",
        "=",
        "series=%",
        "series=%2",
        "series=%zz",
        "series=%ff",
        "series=%c0%80",
        "from=%ed%a0%80",
        "Series=a",
        "series[]=a",
        "series=\u00e4"
      })
  void shouldRefuseWhatIsNotAsItShouldBe(String query) {
    assertThatThrownBy(() -> Parameters.parse(query, KNOWN))
        .isInstanceOfSatisfying(HttpFault.class, e -> assertThat(e.status()).isEqualTo(400));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "11", "-1", "+3", "1.0", "9999999999", "1 ", "abc"})
  void shouldRefuseNumbersOutOfTheirRange(String text) {
    Parameters parameters = Parameters.parse("limit=" + text.replace(" ", "%20"), KNOWN);
    assertThatThrownBy(() -> parameters.number("limit", 1, 10, 5))
        .hasMessageContaining("whole number from 1 to 10");
  }

  @Test
  void shouldRefuseTwoValuesWhereOneIsTaken() {
    Parameters parameters = Parameters.parse("from=1&from=2", KNOWN);
    assertThatThrownBy(() -> parameters.one("from")).hasMessageContaining("2 times");
  }

  @Test
  void shouldNameTheParametersThatThereAre() {
    assertThatThrownBy(() -> Parameters.parse("form=1", KNOWN))
        .hasMessageContaining("from, limit, series");
  }

  @Property
  void shouldReadAnythingOrRefuseIt(@ForAll String query) {
    try {
      Parameters.parse("series=" + query, KNOWN);
    } catch (HttpFault e) {
      assertThat(e.status()).isEqualTo(400);
    }
  }

  @Test
  void shouldReadSeries() {
    assertThat(
            SeriesText.parse(
                Parameters.parse(
                    "series=counter:a%7Cb&series=gauge:a&series=counter:a%7Cb", KNOWN)))
        .extracting(SeriesText::of)
        .isEqualTo(List.of("counter:a|b", "gauge:a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "counter", "counter:", "Counter:a", "sets:a", "counter:a||b", ":a"})
  void shouldRefuseOtherSeriesWithASentence(String text) {
    assertThatThrownBy(() -> SeriesText.parse(Parameters.parse("series=" + text, KNOWN)))
        .isInstanceOf(HttpFault.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8180",
        "127.0.0.1:8180",
        "[::1]:8180",
        "a.localhost",
        "SKY:1"
      })
  void shouldLetOwnHostsPass(String host) {
    assertThat(new HostGuard(Set.of("sky")).isAllowed(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:80",
        "",
        "a:b:c",
        "::::"
      })
  void shouldKeepForeignHostsOut(String host) {
    assertThat(new HostGuard(Set.of("sky")).isAllowed(host)).isFalse();
  }
}
