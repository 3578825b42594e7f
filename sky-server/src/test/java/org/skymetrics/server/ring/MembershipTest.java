package org.skymetrics.server.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.ring.Member;

class MembershipTest {
  private static final Member OWN = new Member("id-1", "10.0.0.1", 8125, 8126);
  private static final Member OTHER = Member.parse("10.0.0.2:8125");

  @Test
  void shouldBeTheMemberThatIsListedAtItsAddress() {
    Member listed = Member.parse("10.0.0.1:8125");
    Membership membership = Membership.of(OWN, List.of(OTHER, listed));
    assertThat(membership.self()).isEqualTo(listed);
    assertThat(membership.ring().members()).containsExactly(listed, OTHER);
  }

  @Test
  void shouldAddItselfWhereItIsNotListed() {
    assertThat(Membership.of(OWN, List.of(OTHER)).ring().members()).containsExactly(OTHER, OWN);
    assertThat(Membership.of(OWN, List.of()).ring().members()).containsExactly(OWN);
  }

  @Test
  void shouldRefuseAListThatHasItsNameElsewhere() {
    assertThatThrownBy(() -> Membership.of(OWN, List.of(OTHER.named("id-1"))))
        .hasMessageContaining("id-1")
        .hasMessageContaining("10.0.0.2:8125")
        .hasMessageContaining("10.0.0.1:8125");
  }
}
