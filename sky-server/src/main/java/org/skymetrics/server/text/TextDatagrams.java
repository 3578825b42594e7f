package org.skymetrics.server.text;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import org.skymetrics.server.count.Mishaps;
import org.skymetrics.server.receive.DatagramReading;
import org.skymetrics.server.receive.Rest;

/** A UDP socket that takes nothing but text. */
final class TextDatagrams extends SimpleChannelInboundHandler<DatagramPacket> {
  private final TextIntake intake;
  private final Rest rest;
  private final Mishaps mishaps;
  private final byte[] packet = new byte[TextIntake.MAX_PACKET_BYTES + 1];

  TextDatagrams(TextIntake intake, Rest rest, Mishaps mishaps) {
    this.intake = intake;
    this.rest = rest;
    this.mishaps = mishaps;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    rest.setBuffer(DatagramReading.receiveBufferBytes(ctx.channel()));
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    rest.afterReading();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket datagram) {
    ByteBuf content = datagram.content();
    int length = Math.min(content.readableBytes(), packet.length);
    content.getBytes(content.readerIndex(), packet, 0, length);
    rest.tookPacket();
    intake.onPacket(packet, 0, length, datagram.sender());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    mishaps.take("taking text", cause);
  }
}
