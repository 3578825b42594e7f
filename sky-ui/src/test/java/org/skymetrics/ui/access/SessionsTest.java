package org.skymetrics.ui.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.time.ManualClock;
import org.skymetrics.ui.count.Counters;
import org.skymetrics.ui.count.UiCounter;

class SessionsTest {
  private static final String HASH = "$2y$04$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcde";
  private static final String OTHER = HASH.replace("abcde", "edcba");

  private final ManualClock clock = new ManualClock(0);
  private final Counters counters = new Counters();
  private final Sessions sessions = new Sessions(clock, new SecureRandom(), counters);
  private final Passwords passwords = Passwords.parse(List.of("ann:" + HASH, "bob:" + HASH));

  @Test
  void shouldKnowItsUserUntilItIsClosed() {
    String id = sessions.open("ann", HASH);
    assertThat(id).matches("[A-Za-z0-9_-]{43}");
    assertThat(sessions.use(id, passwords)).isEqualTo("ann");
    assertThat(sessions.use(id + "A", passwords)).isNull();
    assertThat(sessions.use("", passwords)).isNull();
    sessions.close(id);
    assertThat(sessions.use(id, passwords)).isNull();
  }

  @Test
  void shouldEndWhenItIsNotUsed() {
    String id = sessions.open("ann", HASH);
    clock.advance(Duration.ofMillis(Sessions.IDLE.toMillis()));
    assertThat(sessions.use(id, passwords)).isEqualTo("ann");
    clock.advance(Duration.ofMillis(Sessions.IDLE.toMillis()));
    assertThat(sessions.use(id, passwords)).isEqualTo("ann");
    clock.advance(Duration.ofMillis(Sessions.IDLE.toMillis() + 1));
    assertThat(sessions.use(id, passwords)).isNull();
    assertThat(sessions.size()).isZero();
  }

  @Test
  void shouldEndInTheEndThoughItIsUsed() {
    String id = sessions.open("ann", HASH);
    long hours = Sessions.LONGEST.toHours();
    for (long hour = 0; hour < hours; hour++) {
      clock.advance(Duration.ofMillis(3_600_000));
      assertThat(sessions.use(id, passwords)).isEqualTo("ann");
    }
    clock.advance(Duration.ofMillis(1));
    assertThat(sessions.use(id, passwords)).isNull();
  }

  @Test
  void shouldEndWithThePasswordThatOpenedIt() {
    String anns = sessions.open("ann", HASH);
    String bobs = sessions.open("bob", HASH);
    Passwords changed = Passwords.parse(List.of("ann:" + OTHER, "bob:" + HASH));
    assertThat(sessions.use(anns, changed)).isNull();
    assertThat(sessions.use(bobs, changed)).isEqualTo("bob");
    assertThat(sessions.use(bobs, Passwords.parse(List.of("ann:" + OTHER)))).isNull();
    assertThat(sessions.use(anns, passwords)).as("once over, over").isNull();
  }

  @Test
  void shouldBeBoundedAndDropTheOneThatWasNotUsedForLongest() {
    String first = sessions.open("ann", HASH);
    String second = sessions.open("ann", HASH);
    Set<String> ids = new HashSet<>();
    for (int i = 2; i < Sessions.MAX; i++) {
      ids.add(sessions.open("bob", HASH));
    }
    assertThat(ids).hasSize(Sessions.MAX - 2);
    assertThat(sessions.use(first, passwords)).isEqualTo("ann");
    assertThat(counters.get(UiCounter.SESSIONS_DROPPED)).isZero();
    sessions.open("bob", HASH);
    assertThat(sessions.size()).isEqualTo(Sessions.MAX);
    assertThat(counters.get(UiCounter.SESSIONS_DROPPED)).isEqualTo(1);
    assertThat(sessions.use(second, passwords)).isNull();
    assertThat(sessions.use(first, passwords)).isEqualTo("ann");
  }
}
