package org.skymetrics.ui.access;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that scripts show, as SHA-256 hashes: who reads the file can't use them. A token is
 * random, so its hash needs no salt and no work. Immutable.
 */
public final class Tokens {
  /** No token at all. */
  public static final Tokens NONE = new Tokens(List.of());

  private static final int RANDOM_BYTES = 32;
  private static final String PREFIX = "sky_";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private record Named(String name, HashCode hash) {}

  private final List<Named> all;

  private Tokens(List<Named> all) {
    this.all = List.copyOf(all);
  }

  /**
   * Reads lines of {@code name:hash}; empty ones, and those that begin with {@code #}, say nothing.
   *
   * @throws IllegalArgumentException naming the line that is wrong
   */
  public static Tokens parse(List<String> lines) {
    List<Named> all = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        if (!isLine(line)) {
          throw new IllegalArgumentException(
              "line " + (i + 1) + " is not name:hash, as sky token writes it");
        }
        int colon = line.indexOf(':');
        all.add(
            new Named(line.substring(0, colon), HashCode.fromString(line.substring(colon + 1))));
      }
    }
    return new Tokens(all);
  }

  /** Whether a line is one of the file: a name and the hash of a token. */
  public static boolean isLine(String line) {
    int colon = line.indexOf(':');
    return colon > 0
        && isName(line.substring(0, colon))
        && HASH.matcher(line.substring(colon + 1)).matches();
  }

  /** Whether a token may be called so. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** A new token. */
  public static String random(SecureRandom random) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return PREFIX + BaseEncoding.base64Url().omitPadding().encode(bytes);
  }

  /** The line of the file for a token. */
  public static String line(String name, String token) {
    return name + ":" + hash(token);
  }

  private static HashCode hash(String token) {
    return Hashing.sha256().hashString(token, StandardCharsets.UTF_8);
  }

  /** Whose token this is; null where it is nobody's. Takes as long whichever it is. */
  @Nullable String nameOf(String token) {
    byte[] shown = hash(token).asBytes();
    String found = null;
    for (Named one : all) {
      if (MessageDigest.isEqual(one.hash().asBytes(), shown)) {
        found = one.name();
      }
    }
    return found;
  }
}
