package org.skymetrics.store.redis;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How connections to Redis are encrypted: whose certificates are trusted, and which one we show. A
 * server's certificate has to name the address that the server is reached by. The files are read
 * once.
 */
public final class RedisTls {
  private final SSLSocketFactory sockets;

  private RedisTls(SSLSocketFactory sockets) {
    this.sockets = sockets;
  }

  /**
   * Reads the files, all PEM.
   *
   * @param authorities certificates to trust; null for those that Java trusts
   * @param certificate ours, with those between it and its authority; null where we show none
   * @param key its private key, PKCS#8, not encrypted; null where we show no certificate
   * @throws IllegalArgumentException with a sentence that names the file and says what is wrong
   */
  public static RedisTls of(
      @Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException("a certificate and its key go together");
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          certificate == null || key == null ? null : shown(certificate, key),
          authorities == null ? null : trusted(authorities),
          null);
      return new RedisTls(context.getSocketFactory());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("TLS can't be set up: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] trusted(Path authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    int n = 0;
    for (X509Certificate certificate : Pem.certificates(authorities)) {
      store.setCertificateEntry("authority-" + n++, certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager[] shown(Path certificate, Path key)
      throws GeneralSecurityException, IOException {
    List<X509Certificate> chain = Pem.certificates(certificate);
    PrivateKey own = Pem.key(key, chain.get(0).getPublicKey().getAlgorithm());
    // The store is in memory only; its password keeps nothing.
    char[] password = new char[0];
    KeyStore store = empty();
    store.setKeyEntry("own", own, password, chain.toArray(new X509Certificate[0]));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory.getKeyManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  SSLSocketFactory sockets() {
    return sockets;
  }
}
