package org.skymetrics.common.seal;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.skymetrics.common.wire.PacketType;

/**
 * AES-256-GCM of packets in their {@link SealedForm}. One of these is best used with one key, which
 * is then expanded once. One thread's.
 */
final class Gcm {
  private static final int NONCE_BYTES = 12;

  private final byte[] nonce = new byte[NONCE_BYTES];
  private final Cipher cipher;

  Gcm() {
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /** A key from the bytes that were derived for it. */
  static SecretKeySpec key(byte[] bytes) {
    return new SecretKeySpec(bytes, "AES");
  }

  /**
   * Encrypts; {@code sealed} holds the clear part from 0 on, and gets the rest behind it.
   *
   * @return the length of the whole packet
   */
  int seal(
      SecretKeySpec key,
      PacketType type,
      long transmission,
      byte[] plain,
      int offset,
      int length,
      byte[] sealed) {
    try {
      init(Cipher.ENCRYPT_MODE, key, type, transmission);
      cipher.updateAAD(sealed, 0, SealedForm.CLEAR_BYTES);
      int written = cipher.doFinal(plain, offset, length, sealed, SealedForm.CLEAR_BYTES);
      return SealedForm.CLEAR_BYTES + written;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a packet can't be sealed", e);
    }
  }

  /**
   * Decrypts what lies behind the clear part of a sealed packet.
   *
   * @return whether it was sealed with this key and is what it was
   */
  boolean open(
      SecretKeySpec key,
      PacketType type,
      long transmission,
      byte[] sealed,
      int offset,
      int length,
      byte[] plain,
      int plainOffset) {
    try {
      init(Cipher.DECRYPT_MODE, key, type, transmission);
      cipher.updateAAD(sealed, offset, SealedForm.CLEAR_BYTES);
      cipher.doFinal(
          sealed,
          offset + SealedForm.CLEAR_BYTES,
          length - SealedForm.CLEAR_BYTES,
          plain,
          plainOffset);
      return true;
    } catch (AEADBadTagException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a packet can't be opened", e);
    }
  }

  private void init(int mode, SecretKeySpec key, PacketType type, long transmission)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    nonce[0] = (byte) type.id();
    for (int i = 0; i < Long.BYTES; i++) {
      nonce[4 + i] = (byte) (transmission >>> (56 - 8 * i));
    }
    cipher.init(mode, key, new GCMParameterSpec(8 * SealedForm.TAG_BYTES, nonce));
  }
}
