package org.skymetrics.store.redis;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The scripts that Redis runs for us, each in one step; their sources lie beside this class. */
enum Script {
  PUT,
  DONE,
  STATES,
  LEASE,
  RELEASE,
  ANNOUNCE,
  WITHDRAW,
  MEMBERS,
  FORGET,
  LAYOUT;

  private final String source;
  private final String sha1;

  Script() {
    String file = name().toLowerCase(Locale.ROOT) + ".lua";
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing from the jar");
      }
      source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sha1 = hex(source);
  }

  // Redis names a script by its SHA-1; nothing is kept safe by it.
  @SuppressWarnings("deprecation")
  private static String hex(String source) {
    return Hashing.sha1().hashString(source, StandardCharsets.UTF_8).toString();
  }

  String source() {
    return source;
  }

  /** The name that Redis gives it: SHA-1, 40 hex digits. */
  String sha1() {
    return sha1;
  }
}
