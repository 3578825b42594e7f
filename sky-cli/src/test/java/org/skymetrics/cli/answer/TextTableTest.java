package org.skymetrics.cli.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TextTableTest {
  @Test
  void shouldAlign() {
    TextTable table = new TextTable("name", ">count", "");
    table.row("a", "1000", "");
    table.row("länger", "5", "open");

    assertThat(table.lines())
        .containsExactly("name    count", "a        1000", "länger      5  open");
  }

  @Test
  void shouldRefuseARowOfAnotherLength() {
    assertThatThrownBy(() -> new TextTable("a").row("1", "2"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
