package org.skymetrics.common.seal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * A secret that clients and servers share. What is used is made from it, for one purpose each; it
 * is not told by {@link #toString()}.
 */
public final class Secret {
  /** Bytes that a secret has at least. */
  public static final int MIN_BYTES = 32;

  private static final byte[] SALT = "sky 1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ADMIN = "sky 1 admin".getBytes(StandardCharsets.US_ASCII);
  private static final int TOKEN_BYTES = 32;

  private final byte[] pseudorandomKey;
  private final String token;

  private Secret(byte[] bytes) {
    pseudorandomKey = Hkdf.extract(SALT, bytes);
    token =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(Hkdf.expand(derivation(), ADMIN, TOKEN_BYTES));
  }

  /**
   * Reads a secret: at least 32 bytes in hex or base64.
   *
   * @throws IllegalArgumentException with half a sentence that does not tell it
   */
  public static Secret parse(String text) {
    byte[] bytes = decode(text.trim());
    if (bytes == null) {
      throw new IllegalArgumentException("is neither base64 nor hex");
    }
    if (bytes.length < MIN_BYTES) {
      throw new IllegalArgumentException(
          "has " + bytes.length + " bytes; a secret has at least " + MIN_BYTES);
    }
    return new Secret(bytes);
  }

  private static byte @Nullable [] decode(String text) {
    try {
      if (text.length() % 2 == 0 && text.chars().allMatch(HexFormat::isHexDigit)) {
        return HexFormat.of().parseHex(text);
      }
      return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What makes keys of it; one thread's. */
  Mac derivation() {
    return Hkdf.mac(pseudorandomKey);
  }

  /** What a reader shows to the admin HTTP of a server, as a bearer token. */
  public String token() {
    return token;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret s && MessageDigest.isEqual(pseudorandomKey, s.pseudorandomKey);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pseudorandomKey);
  }

  @Override
  public String toString() {
    return "a secret";
  }
}
