package org.skymetrics.store.riak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.skymetrics.store.StoreException.Fault;

final class ErrorReplyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "timeout; TIMEOUT",
        "all_nodes_down; UNAVAILABLE",
        "overload; UNAVAILABLE",
        "{insufficient_vnodes,1,need,2}; UNAVAILABLE",
        "{dw_val_unsatisfied,2,1}; UNAVAILABLE",
        "Security is enabled, please STARTTLS first; NOT_ALLOWED",
        "{too_large,52428801}; OTHER",
        "no_type; OTHER",
        "{n_val_violation,3}; OTHER",
        "''; OTHER"
      })
  void shouldTellTheCauseFromTheText(String text, Fault fault) {
    assertThat(ErrorReply.fault(text)).isEqualTo(fault);
  }
}
