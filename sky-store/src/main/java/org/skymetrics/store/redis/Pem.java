package org.skymetrics.store.redis;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as files hold them: base64 between lines of dashes, text around them. */
final class Pem {
  private static final Pattern PART =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s([^-]*)-----END \\1-----");

  private record Part(String what, String base64) {}

  private Pem() {}

  /** One or more. */
  static List<X509Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    for (Part part : parts(file)) {
      if (part.what.equals("CERTIFICATE")) {
        certificates.add(certificate(factory, bytes(part, file), file));
      }
    }
    if (certificates.isEmpty()) {
      throw new IOException(file + " has no BEGIN CERTIFICATE");
    }
    return certificates;
  }

  private static X509Certificate certificate(CertificateFactory factory, byte[] bytes, Path file)
      throws IOException {
    try {
      return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes));
    } catch (CertificateException e) {
      throw new IOException(file + " has a certificate that can't be read", e);
    }
  }

  static PrivateKey key(Path file, String algorithm) throws IOException, GeneralSecurityException {
    for (Part part : parts(file)) {
      if (part.what.equals("PRIVATE KEY")) {
        return KeyFactory.getInstance(algorithm)
            .generatePrivate(new PKCS8EncodedKeySpec(bytes(part, file)));
      }
      if (part.what.endsWith("PRIVATE KEY")) {
        throw new IOException(
            file
                + " has a BEGIN "
                + part.what
                + "; wanted is BEGIN PRIVATE KEY: openssl pkcs8 -topk8 -nocrypt makes it");
      }
    }
    throw new IOException(file + " has no BEGIN PRIVATE KEY");
  }

  private static List<Part> parts(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IOException(file + " can't be read: " + e, e);
    }
    List<Part> parts = new ArrayList<>();
    Matcher matcher = PART.matcher(text);
    while (matcher.find()) {
      parts.add(new Part(matcher.group(1), matcher.group(2)));
    }
    return parts;
  }

  private static byte[] bytes(Part part, Path file) throws IOException {
    try {
      return Base64.getMimeDecoder().decode(part.base64);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " has a part that is not base64", e);
    }
  }
}
