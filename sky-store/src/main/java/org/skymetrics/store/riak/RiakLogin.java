package org.skymetrics.store.riak;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;

/**
 * Who logs in to a Riak whose security is on: its connections are TLS then. The client library
 * takes any certificate that one of the authorities has signed and does not compare names; so the
 * authority had better be one for these nodes alone, and there is no default.
 */
public final class RiakLogin {
  private final String user;
  private final String password;
  private final KeyStore authorities;

  private RiakLogin(String user, String password, KeyStore authorities) {
    this.user = user;
    this.password = password;
    this.authorities = authorities;
  }

  /**
   * A login.
   *
   * @param authorities a file of certificates (PEM) that those of the nodes are signed with
   * @throws IllegalArgumentException with a sentence where the file can't be used
   */
  public static RiakLogin of(String user, String password, Path authorities) {
    if (user.isBlank()) {
      throw new IllegalArgumentException("a Riak user has a name");
    }
    return new RiakLogin(user, password, read(authorities));
  }

  private static KeyStore read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new IllegalArgumentException(file + " holds no certificate");
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int n = 0;
      for (Certificate certificate : found) {
        store.setCertificateEntry("authority-" + n++, certificate);
      }
      return store;
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + " is not there", e);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          file + " can't be read as certificates in PEM: " + e.getMessage(), e);
    }
  }

  String user() {
    return user;
  }

  String password() {
    return password;
  }

  KeyStore authorities() {
    return authorities;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "Riak user " + user;
  }
}
