package org.skymetrics.server.statsd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextParserTest {
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      textBlock =
          """
          a:1|c                     => a+=1
          a:1|c|@+1                 => a+=1
          a:1|c|@ 1                 => refused BAD_RATE
          a:1|c|@2                  => refused BAD_RATE
          a:1|c|@2e-1               => a+=5
          a:1|c|@                   => refused BAD_RATE
          a:1|c|@0                  => refused BAD_RATE
          a:1|c|@0.0000009          => refused BAD_RATE
          a:1|c|@0.1                => a+=10
          a:3|c|@0.1                => a+=30
          a:1|c|@0.3                => a+=3.3333333333333335
          a:Infinity|c              => refused BAD_VALUE
          a:nan|g                   => refused BAD_VALUE
          a: 5|c                    => refused BAD_VALUE
          a:0x1p3|c                 => refused BAD_VALUE
          a:1d|c                    => refused BAD_VALUE
          a:1e999|c                 => refused BAD_VALUE
          a:1|zzz                   => refused BAD_TYPE
          a:1|                      => refused BAD_TYPE
          a:1                       => refused BAD_TYPE
          a|c                       => refused NO_VALUE
          a                         => refused NO_VALUE
          :1|c                      => refused BAD_NAME
          a||b:1|c                  => refused BAD_NAME
          a:1:2:3|ms                => a<-1,a<-2,a<-3
          a:21::22|h                => a<-21,a<-22
          a:::|h                    => refused BAD_VALUE
          a:1|c|@0.5|#x:y           => a|x:y+=2
          a:1|c|#x:y|c:abc          => a|x:y+=1
          a:1|c|T1656581400         => a+=1@1656581400
          a:1|c|T0                  => refused BAD_TIMESTAMP
          a:1|c|T-5                 => refused BAD_TIMESTAMP
          a:1|ms|T5                 => refused BAD_TIMESTAMP
          a:1|c|#,,                 => a+=1
          a:-5|g                    => a~=-5
          a:+5|g                    => a~=5
          a:5|g                     => a:=5
          a:|g                      => refused BAD_VALUE
          a:1|G                     => refused BAD_TYPE
          a:1|m                     => refused BAD_TYPE
          a b/c$d:1|c               => a b/c$d+=1
          a:1|c||@0.1               => a+=10
          a:1|c|#x|#y               => a|y+=1
          a:1_000|c                 => refused BAD_VALUE
          a:5.|c                    => a+=5
          a:.5|c                    => a+=0.5
          a:.|c                     => refused BAD_VALUE
          a:0.4|c                   => a+=0.4
          a:1|h                     => a<-1
          a:1|d|@0.5                => a<-1*2
          a:1|kv                    => refused BAD_TYPE
          a:x:y|s                   => a has x:y
          a:|s                      => refused BAD_VALUE
          a,x=y:1|c                 => 'a,x=y+=1'
          a[x=y]:1|c                => a[x=y]+=1
          a;x=y;b=c=d:1|c           => 'a|b:c=d,x:y+=1'
          a;x=y:1|c|#z              => 'a|x:y,z+=1'
          a:1|g|@0.1                => a:=1
          a:1:bad|c                 => refused BAD_VALUE
          a:1|c:2|c                 => refused BAD_TYPE
          http_status|200:1|c       => http_status|200+=1
          a:1|c|#b:2,a:1,b:2        => 'a|a:1,b:2+=1'
          a:1|c|#x>y                => a|x_y+=1
          a:1|c|zig                 => a+=1,unknown field
          a:9223372036854775807|c   => a+=9.223372036854776E18
          a:999999999999999999|c    => a+=999999999999999999
          a:-3|c                    => a+=-3
          """)
  void shouldJudgeALine(String line, String verdict) {
    String said = String.join(",", Transcript.of(Dialect.STATSD, line));
    assertThat(said).isEqualTo(verdict);
  }

  @Test
  void shouldTakeASignedGaugeAsAbsoluteInDogstatsd() {
    assertThat(Transcript.of(Dialect.DOGSTATSD, "a:-5|g")).containsExactly("a:=-5");
  }

  @Test
  void shouldReadOnAfterARefusedLineAndOverBlankOnes() {
    assertThat(Transcript.of(Dialect.STATSD, "a:1|c\r\nb:2|c\r\n")).containsExactly("a+=1", "b+=2");
    assertThat(Transcript.of(Dialect.STATSD, "a:1|c\n\n\nb:x|c\nc:3|c"))
        .containsExactly("a+=1", "refused BAD_VALUE", "c+=3");
    assertThat(Transcript.of(Dialect.STATSD, "a\rb:1|c")).containsExactly("refused BAD_TEXT");
    assertThat(Transcript.of(Dialect.STATSD, new byte[] {'a', (byte) 0xff, ':', '1', '|', 'c'}))
        .containsExactly("refused BAD_TEXT");
    assertThat(Transcript.of(Dialect.STATSD, "x".repeat(9000) + ":1|c"))
        .containsExactly("refused LINE_TOO_LONG");
    assertThat(Transcript.of(Dialect.STATSD, "")).isEmpty();
  }

  @Test
  void shouldLimitNamesAndTagsByTheKey() {
    assertThat(Transcript.of(Dialect.STATSD, "x".repeat(500) + ":1|c"))
        .hasSize(1)
        .first()
        .asString()
        .endsWith("+=1");
    assertThat(Transcript.of(Dialect.STATSD, "x".repeat(501) + ":1|c"))
        .containsExactly("refused BAD_NAME");
    assertThat(Transcript.of(Dialect.STATSD, "a:1|c|#" + "x".repeat(499)))
        .containsExactly("refused BAD_TAG");
    assertThat(Transcript.of(Dialect.STATSD, "a:1|c|#" + "x".repeat(2000)))
        .containsExactly("refused BAD_TAG");
  }

  @Test
  void shouldReadEventsByTheirLengths() {
    assertThat(Transcript.of(Dialect.DOGSTATSD, "_e{1,1}:a|b"))
        .containsExactly(new TextEvent("a", "b", 0, "normal", "info", "", "", "", "").toString());
    assertThat(
            Transcript.of(
                Dialect.DOGSTATSD, "_e{3,6}:a|b|é\\n|x|d:17|h:web|k:g|p:low|s:me|t:error|#x,y:z"))
        .containsExactly(
            new TextEvent("a|b", "é\n|x", 17, "low", "error", "web", "g", "me", "x,y:z")
                .toString());
    for (String bad :
        List.of(
            "_e{1,1}",
            "_e{1,1}:",
            "_e{1,9}:a|b",
            "_e{0,1}:|b",
            "_e{1}:a|b",
            "_e{,}:a|b",
            "_e{-1,1}:a|b",
            "_e{1,1}:ab|",
            "_e{1,1}:a|bc",
            "_e{1,1}:a|b|p:x")) {
      assertThat(Transcript.of(Dialect.DOGSTATSD, bad))
          .as(bad)
          .containsExactly("refused BAD_EVENT");
    }
  }

  @Test
  void shouldReadServiceChecks() {
    assertThat(Transcript.of(Dialect.DOGSTATSD, "_sc|db up|2|d:17|h:web|#x|m:down | again"))
        .containsExactly(
            new TextServiceCheck("db up", "db up|host:web,x", 2, 17, "web", "down | again", "x")
                .toString());
    assertThat(Transcript.of(Dialect.DOGSTATSD, "_sc|a||b|1"))
        .as("the status comes behind the first bar")
        .containsExactly("refused BAD_EVENT");
    assertThat(Transcript.of(Dialect.DOGSTATSD, "_sc|>a|1")).containsExactly("refused BAD_NAME");
    for (String bad : List.of("_sc|db", "_sc||1", "_sc|db|4", "_sc|db|10", "_sc|db|1|d:x")) {
      assertThat(Transcript.of(Dialect.DOGSTATSD, bad))
          .as(bad)
          .containsExactly("refused BAD_EVENT");
    }
  }
}
