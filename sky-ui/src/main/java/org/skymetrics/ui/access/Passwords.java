package org.skymetrics.ui.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Users and the bcrypt hashes of their passwords, as {@code htpasswd -B} writes them. Immutable.
 */
public final class Passwords {
  /** bcrypt takes no more. */
  public static final int MAX_BYTES = 71;

  private static final int COST = 12;
  private static final int MAX_COST = 16;
  private static final Pattern USER = Pattern.compile("[^:\\p{Cntrl}]{1,64}");
  private static final Pattern HASH = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
  private static final HashFunction STAND_INS = Hashing.goodFastHash(32);

  private final Map<String, String> hashes;
  private final List<String> inOrder;

  private Passwords(Map<String, String> hashes) {
    this.hashes = Map.copyOf(hashes);
    this.inOrder = List.copyOf(hashes.values());
  }

  /**
   * Reads lines of {@code user:hash}; empty ones, and those that begin with {@code #}, say nothing.
   *
   * @throws IllegalArgumentException naming the line that is wrong
   */
  public static Passwords parse(List<String> lines) {
    Map<String, String> hashes = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        int colon = line.indexOf(':');
        String user = line.substring(0, Math.max(0, colon));
        String hash = line.substring(colon + 1);
        requireUser(i + 1, user);
        requireHash(i + 1, hash);
        if (hashes.put(user, hash) != null) {
          throw new IllegalArgumentException("line " + (i + 1) + " names a user a second time");
        }
      }
    }
    if (hashes.isEmpty()) {
      throw new IllegalArgumentException("there is no user in it");
    }
    return new Passwords(hashes);
  }

  private static void requireUser(int line, String user) {
    if (!isUser(user)) {
      throw new IllegalArgumentException(
          "line " + line + " is not user:hash, as htpasswd -B and sky password write it");
    }
  }

  private static void requireHash(int line, String hash) {
    var found = HASH.matcher(hash);
    if (!found.matches() || !isCost(Integer.parseInt(found.group(1)))) {
      throw new IllegalArgumentException(
          "what line "
              + line
              + " has after its colon is not a bcrypt hash of cost 4 to "
              + MAX_COST
              + ", as htpasswd -B and sky password make it");
    }
  }

  private static boolean isCost(int cost) {
    return cost >= 4 && cost <= MAX_COST;
  }

  /** Whether a user may be called so: 1 to 64 characters without colon and control characters. */
  public static boolean isUser(String name) {
    return USER.matcher(name).matches() && name.equals(name.strip()) && !name.startsWith("#");
  }

  /**
   * The line for a user.
   *
   * @throws IllegalArgumentException where the password is empty or longer than bcrypt takes
   */
  public static String line(String user, String password) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a password has 1 to " + MAX_BYTES + " bytes, not " + bytes.length);
    }
    byte[] hash = BCrypt.with(BCrypt.Version.VERSION_2Y).hash(COST, bytes);
    return user + ":" + new String(hash, StandardCharsets.US_ASCII);
  }

  /** The hash of a user's password; null where there is no such user. */
  @Nullable String hashOf(String user) {
    return hashes.get(user);
  }

  /**
   * Whether this is the password of that user. Takes as long for a user that there is not: the
   * password is then compared with that of one that there is, always the same one for a name.
   */
  boolean verify(String user, String password) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    String hash = hashes.get(user);
    String compared = Objects.requireNonNullElseGet(hash, () -> standIn(user));
    boolean fits = bytes.length > 0 && bytes.length <= MAX_BYTES;
    boolean same =
        BCrypt.verifyer()
            .verify(fits ? bytes : new byte[] {1}, compared.getBytes(StandardCharsets.US_ASCII))
            .verified;
    return same && fits && hash != null;
  }

  private String standIn(String user) {
    int at = Math.floorMod(STAND_INS.hashUnencodedChars(user).asInt(), inOrder.size());
    return inOrder.get(at);
  }
}
