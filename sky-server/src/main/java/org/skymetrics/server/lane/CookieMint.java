package org.skymetrics.server.lane;

import java.net.InetSocketAddress;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.skymetrics.common.bytes.ByteWriter;
import org.skymetrics.common.wire.Wire;

/**
 * Makes cookies and knows its own again, without remembering any: the first 16 bytes of an
 * HMAC-SHA256 over address, port, session and epoch. Those of the current and the previous epoch
 * are good. One instance for each thread, all with the secret of the process.
 */
public final class CookieMint {
  private static final long EPOCH_MS = 60_000;
  private static final String ALGORITHM = "HmacSHA256";

  private final Mac mac;
  private final ByteWriter input = new ByteWriter(40);

  /** Makes a mint; the secret is 32 random bytes. */
  public CookieMint(byte[] secret) {
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** The cookie of an address and a session, now. */
  public byte[] cookie(InetSocketAddress address, long session, long nowMs) {
    return of(address, session, Math.floorDiv(nowMs, EPOCH_MS));
  }

  /** Whether this cookie is good. Takes the same time wherever it differs. */
  public boolean isGood(byte[] cookie, InetSocketAddress address, long session, long nowMs) {
    long epoch = Math.floorDiv(nowMs, EPOCH_MS);
    return MessageDigest.isEqual(cookie, of(address, session, epoch))
        || MessageDigest.isEqual(cookie, of(address, session, epoch - 1));
  }

  private byte[] of(InetSocketAddress address, long session, long epoch) {
    input.clear();
    input.raw(address.getAddress().getAddress()).u16(address.getPort()).u64(session).u64(epoch);
    mac.update(input.array(), 0, input.length());
    return Arrays.copyOf(mac.doFinal(), Wire.COOKIE_BYTES);
  }
}
