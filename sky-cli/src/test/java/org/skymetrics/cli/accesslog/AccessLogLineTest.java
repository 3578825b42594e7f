package org.skymetrics.cli.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class AccessLogLineTest {
  private static final String FRONT = "83.149.9.216 - - [17/May/2015:10:05:03 +0000] ";

  @Test
  void shouldReadTheCombinedFormat() {
    AccessLogLine line =
        AccessLogLine.parse(FRONT + "\"GET /a.png HTTP/1.1\" 200 203023 \"http://b/\" \"Mozilla\"");

    assertThat(line).isEqualTo(new AccessLogLine(200, "GET", 203023));
  }

  @Test
  void shouldReadTheCommonFormat() {
    assertThat(AccessLogLine.parse(FRONT + "\"POST / HTTP/1.0\" 404 7"))
        .isEqualTo(new AccessLogLine(404, "POST", 7));
  }

  @Test
  void shouldReadALineWithAHostInFrontAndTimesBehind() {
    assertThat(AccessLogLine.parse("a:80 " + FRONT + "\"HEAD / HTTP/2\" 304 0 \"-\" \"x\" 0.01"))
        .isEqualTo(new AccessLogLine(304, "HEAD", 0));
  }

  @Test
  void shouldTakeADashForNoSize() {
    assertThat(AccessLogLine.parse(FRONT + "\"GET / HTTP/1.1\" 304 - \"-\" \"-\""))
        .isEqualTo(new AccessLogLine(304, "GET", AccessLogLine.NO_SIZE));
  }

  @Test
  void shouldNotTakeAnEscapedQuoteForTheEndOfTheRequest() {
    assertThat(
            AccessLogLine.parse(FRONT + "\"GET /\\\" 200 5 HTTP/1.1\" 404 9 \"-\" \"x\\\" 500 1\""))
        .isEqualTo(new AccessLogLine(404, "GET", 9));
  }

  @Test
  void shouldReadARequestWithQuotesThatAreNotEscaped() {
    assertThat(AccessLogLine.parse(FRONT + "\"GET /?q=\"a\" HTTP/1.1\" 200 5 \"-\" \"-\""))
        .isEqualTo(new AccessLogLine(200, "GET", 5));
  }

  @Test
  void shouldCountARequestWithoutAMethodAsOther() {
    for (String request : new String[] {"-", "", "\\x16\\x03\\x01", "GET|a / HTTP/1.1", "1GET /"}) {
      assertThat(AccessLogLine.parse(FRONT + "\"" + request + "\" 400 0"))
          .as(request)
          .isEqualTo(new AccessLogLine(400, AccessLogLine.OTHER_METHOD, 0));
    }
  }

  @Test
  void shouldRefuseWhatIsNoLineOfAnAccessLog() {
    for (String text :
        new String[] {
          "",
          "hello",
          FRONT,
          FRONT + "\"GET / HTTP/1.1\"",
          FRONT + "\"GET / HTTP/1.1\" 200",
          FRONT + "\"GET / HTTP/1.1\" 200 ",
          FRONT + "\"GET / HTTP/1.1\" 20x 5",
          FRONT + "\"GET / HTTP/1.1\" 200 5k",
          FRONT + "\"GET / HTTP/1.1\" 200 -5",
          FRONT + "\"GET / HTTP/1.1\" 200 9999999999999999999",
          FRONT + "\"GET / HTTP/1.1 200 5"
        }) {
      assertThat(AccessLogLine.parse(text)).as(text).isNull();
    }
  }

  @Property(tries = 500)
  void shouldTakeAnyText(@ForAll String text) {
    AccessLogLine line = AccessLogLine.parse(FRONT + "\"" + text);

    assertThat(line == null || line.status() >= 0).isTrue();
    assertThat(AccessLogLine.parse(text)).isNull();
  }

  @Property(tries = 500)
  void shouldReadBackWhatALoggerThatEscapesWrites(
      @ForAll @StringLength(max = 40) String path,
      @ForAll @IntRange(min = 0, max = 999) int status,
      @ForAll @LongRange(min = -1, max = 999_999_999_999L) long size) {
    String escaped = path.replace("\\", "\\\\").replace("\"", "\\\"");
    String text =
        String.format(
            "%s\"GET /%s HTTP/1.1\" %03d %s \"-\" \"%s\"",
            FRONT, escaped, status, size < 0 ? "-" : Long.toString(size), escaped);

    assertThat(AccessLogLine.parse(text)).isEqualTo(new AccessLogLine(status, "GET", size));
  }
}
