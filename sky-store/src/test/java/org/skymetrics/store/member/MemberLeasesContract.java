package org.skymetrics.store.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.skymetrics.common.ring.Member;
import org.skymetrics.store.StoreException;
import org.skymetrics.store.member.MemberLease.State;

/** What every store of leases does. */
public abstract class MemberLeasesContract {
  protected static final Duration LENGTH = Duration.ofMillis(400);
  protected static final Duration LONG = Duration.ofHours(1);
  protected static final Member A = new Member("a name", "10.0.0.1", 8125, 8126);
  protected static final Member B = new Member("b", "host with:odd ::1 name", 9, 0);

  protected MemberLeases leases;

  /** The leases of one store, each time from anew. */
  protected abstract MemberLeases open();

  /** Lets time go by, by the store's clock. */
  protected abstract void pass(Duration time);

  @BeforeEach
  void openLeases() {
    leases = open();
  }

  @AfterEach
  void closeLeases() {
    leases.close();
  }

  @Test
  void shouldTellAllMembersInOrderOfName() {
    assertThat(leases.members()).isEmpty();
    assertThat(leases.announce(B, "2", State.LEAVING, LONG)).isNull();
    assertThat(leases.announce(A, "1", State.SERVING, LENGTH)).isNull();
    try (MemberLeases others = open()) {
      List<MemberLease> all = others.members();
      assertThat(all).extracting(MemberLease::member).containsExactly(A, B);
      assertThat(all).extracting(MemberLease::holder).containsExactly("1", "2");
      assertThat(all).extracting(MemberLease::state).containsExactly(State.SERVING, State.LEAVING);
      assertThat(all).extracting(MemberLease::length).containsExactly(LENGTH, LONG);
      assertThat(all).allMatch(lease -> !lease.age().isNegative());
    }
    assertThat(leases.describe()).isNotBlank();
  }

  @Test
  void shouldTellARenewalFromNone() {
    leases.announce(A, "1", State.SERVING, LENGTH);
    long first = only().beat();
    pass(Duration.ofMillis(20));
    assertThat(only().beat()).isEqualTo(first);
    assertThat(only().age()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
    leases.announce(A, "1", State.SERVING, LENGTH);
    assertThat(only().beat()).isNotEqualTo(first);
    pass(LENGTH);
    assertThat(only().isRunning()).isFalse();
  }

  @Test
  void shouldKeepANameForItsHolderWhileItsLeaseRuns() {
    leases.announce(A, "1", State.SERVING, LENGTH);
    MemberLease holding = leases.announce(A, "2", State.SERVING, LENGTH);
    assertThat(holding).isNotNull();
    assertThat(holding.holder()).isEqualTo("1");
    assertThat(holding.member()).isEqualTo(A);
    Member elsewhere = new Member(A.name(), "10.0.0.7", 8125, 8126);
    assertThat(leases.announce(elsewhere, "1", State.SERVING, LENGTH))
        .as("a copy of it at another address")
        .isNotNull();
    assertThat(leases.announce(A, "1", State.LEAVING, LENGTH)).isNull();
    assertThat(leases.announce(A, "2", State.SERVING, LENGTH)).as("while it leaves").isNotNull();
    assertThat(only().state()).isEqualTo(State.LEAVING);
    pass(LENGTH);
    assertThat(leases.announce(elsewhere, "2", State.SERVING, LENGTH)).isNull();
    assertThat(only().member()).isEqualTo(elsewhere);
  }

  @Test
  void shouldRememberWhoLeft() {
    leases.announce(A, "1", State.SERVING, LONG);
    leases.withdraw(A.name(), "2");
    leases.withdraw(B.name(), "1");
    assertThat(only().state()).isEqualTo(State.SERVING);
    leases.withdraw(A.name(), "1");
    assertThat(only().state()).isEqualTo(State.LEFT);
    assertThat(only().member()).isEqualTo(A);
    assertThat(only().isRunning()).isFalse();
    assertThat(leases.announce(A, "2", State.SERVING, LONG)).as("its name is free").isNull();
    assertThat(only().state()).isEqualTo(State.SERVING);
  }

  @Test
  void shouldSayThatTheyAreClosed() {
    leases.close();
    leases.close();
    assertThatThrownBy(() -> leases.members())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("closed");
  }

  protected MemberLease only() {
    List<MemberLease> all = leases.members();
    assertThat(all).hasSize(1);
    return all.get(0);
  }
}
