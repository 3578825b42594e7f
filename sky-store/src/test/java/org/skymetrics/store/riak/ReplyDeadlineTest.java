package org.skymetrics.store.riak;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ReplyDeadlineTest {
  private static final byte[] REPLY = {0, 0, 0, 3, 10, 24, 1};

  private final EmbeddedChannel channel = new EmbeddedChannel(new ReplyDeadline(1000));

  ReplyDeadlineTest() {
    channel.freezeTime();
  }

  @Test
  void shouldCloseWhenNoReplyComes() {
    request();
    pass(999);
    assertThat(channel.isOpen()).isTrue();
    pass(1);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void shouldLeaveAnIdleConnectionAlone() {
    pass(10_000);
    request();
    reply(0, REPLY.length);
    pass(10_000);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void shouldWantTheWholeReplyInTimeHoweverItIsCut() {
    for (int first = 0; first < REPLY.length; first++) {
      request();
      pass(600);
      reply(0, first);
      pass(399);
      reply(first, REPLY.length);
      pass(10_000);
      assertThat(channel.isOpen()).as("cut at %s", first).isTrue();
    }
    request();
    reply(0, REPLY.length - 1);
    pass(1000);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void shouldGiveEachRequestItsOwnTime() {
    for (int i = 0; i < 5; i++) {
      request();
      pass(900);
      reply(0, REPLY.length);
    }
    request();
    pass(1000);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void shouldPassOnAllBytes() {
    request();
    reply(0, 3);
    reply(3, REPLY.length);
    assertThat(channel.inboundMessages()).hasSize(2);
    assertThat(channel.outboundMessages()).hasSize(1);
  }

  private void request() {
    channel.writeOutbound(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 1, 9}));
  }

  private void reply(int from, int to) {
    channel.writeInbound(Unpooled.wrappedBuffer(REPLY, from, to - from));
  }

  private void pass(long ms) {
    channel.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }
}
