package org.skymetrics.store.riak.standin;

import java.nio.charset.StandardCharsets;

/** Bytes as text, one character each: bytes that can be compared, ordered and used as keys. */
final class Latin {
  private Latin() {}

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
