package org.skymetrics.common.seal;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869): keys out of a secret. */
final class Hkdf {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int HASH_BYTES = 32;

  private Hkdf() {}

  /** The pseudorandom key of a secret. */
  static byte[] extract(byte[] salt, byte[] secret) {
    return mac(salt.length == 0 ? new byte[HASH_BYTES] : salt).doFinal(secret);
  }

  /** What expands this pseudorandom key; one thread's. */
  static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** So many bytes, up to 8160, for this purpose. */
  static byte[] expand(Mac pseudorandomKey, byte[] info, int length) {
    byte[] output = new byte[length];
    byte[] block = {};
    int done = 0;
    for (int i = 1; done < length; i++) {
      pseudorandomKey.update(block);
      pseudorandomKey.update(info);
      block = pseudorandomKey.doFinal(new byte[] {(byte) i});
      int part = Math.min(HASH_BYTES, length - done);
      System.arraycopy(block, 0, output, done, part);
      done += part;
    }
    Arrays.fill(block, (byte) 0);
    return output;
  }
}
