package org.skymetrics.server.statsd;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Tells text from noise. */
final class Utf8Text {
  private Utf8Text() {}

  /**
   * Whether the bytes are UTF-8 without control characters. Plain ASCII, nearly all there is, is
   * judged byte by byte.
   */
  static boolean isText(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b < 0) {
        return isWideText(bytes, from, to);
      }
      if (b < 0x20 || b == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWideText(byte[] bytes, int from, int to) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, to - from))
          .chars()
          .noneMatch(Character::isISOControl);
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
